// Package language is what the check language consists of, as data: the blocks and
// attributes of each kind of file ([CheckFile], [SiteFile], [TestFile] …), what a
// probe kind takes and observes ([Kind], [Attribute], [Domain]), the names that
// references begin with ([Roots]) and the functions that can be called
// ([Functions]). Loading, proving, completion, schema and reference pages follow
// from these values; nothing here knows of runbooks.
//
// Whoever brings a probe kind of their own begins with [Kind]. Names and meanings
// stay within a major version; the words of documentation do not.
package language

package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxJSONDepth is more than any document of a package needs.
const maxJSONDepth = 32

// decode reads a JSON document into v unless two readers could understand it
// differently. Keys that v does not know are left to later versions.
func decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := plain(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something stands behind its end")
	}
	return json.Unmarshal(data, v)
}

// plain passes over one value. It refuses a key that stands twice in an
// object, in any case of letters (encoding/json even takes "layer\u017f" for
// "layers"): it would take the last one, and others the first or the one whose
// case is right. To encoding/json "ſize" is "size" as well.
func plain(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxJSONDepth {
		return fmt.Errorf("it is nested more than %d deep", maxJSONDepth)
	}
	keys := map[string]bool{}
	for d.More() {
		if open == '{' {
			t, err := d.Token()
			if err != nil {
				return err
			}
			key := fold(fmt.Sprint(t))
			if keys[key] {
				return fmt.Errorf("the key %.100q stands twice in one object", key)
			}
			keys[key] = true
		}
		if err := plain(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

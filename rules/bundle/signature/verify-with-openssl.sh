#!/bin/sh
# Verifies the signature of a package without linecheck:
#
#     sh verify-with-openssl.sh mail-ladder-1.4.0.oci.tar ops-2026.pub
#
# The key is the public half of the one that signed, as "openssl pkey -pubout"
# writes it: ECDSA over P-256 or P-384, or Ed25519. What runs is sh, tar, sed,
# the core utilities and openssl (3.0 or newer): a plain Debian with openssl.
# Exit code 0: the key signed this package, and every byte that it names is the
# one that was signed. 1: not so, and the last line says why. 2: wrong usage.
#
# What is checked, from the outside to the inside:
#
#   the .oci.tar      an OCI image layout: index.json and blobs/sha256/HEX. The
#                     first digest in index.json is that of the runbook's
#                     manifest, and the others are those of its signatures.
#   a signature       a manifest whose subject is the runbook's manifest, and
#                     whose layer is a Sigstore bundle: JSON that holds, in
#                     base64, a statement (payload) and its signature (sig).
#   the signature     is over DSSE's pre-authentication encoding of the
#                     statement: "DSSEv1 28 application/vnd.in-toto+json LENGTH "
#                     and the statement. 28 is the length of the type's name.
#   the statement     names the SHA-256 of the runbook's manifest.
#   the manifest      names the SHA-256 of the config and of each layer; the
#                     first layer is the tar of the runbook's files.
#
# A list of what was signed follows; so "tar -xOf PACKAGE blobs/sha256/HEX | tar
# -tv" with the HEX of the tree lists the files that are proven to be genuine.
#
# What is not checked: whether the key is still to be trusted (a line "expires:"
# above it is not read), whether the package is the one that you asked for (name
# and version are printed), and what the tree does when it is unpacked. For that
# there is "linecheck verify". The JSON is taken apart as linecheck writes it, in
# one line; a signature that another program wrote may be good and fail here.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: sh verify-with-openssl.sh PACKAGE.oci.tar KEY.pub" >&2
  exit 2
fi
package=$1 key=$2

# Only files of this script's own naming are written, and nothing is unpacked.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
  echo "not verified: $*" >&2
  exit 1
}

# member NAME FILE takes one file out of the package.
member() {
  tar -xOf - "$1" <"$package" >"$2" 2>/dev/null || fail "there is no $1 in $package, or it is no tar"
}

sha256() { openssl dgst -sha256 -r "$1" | sed 's/ .*//'; }

# blob HEX takes a blob out into the file of that name, and demands that its
# bytes have the SHA-256 under which it stands.
blob() {
  member "blobs/sha256/$1" "$tmp/$1"
  [ "$(sha256 "$tmp/$1")" = "$1" ] || fail "the blob sha256:$1 was changed"
}

# values NAME FILE prints the texts that a field of that name has in JSON of one
# line, one a line.
values() { tr ',{}[]' '\n\n\n\n\n' <"$2" | sed -n 's/^"'"$1"'":"\([^"\\]*\)"$/\1/p'; }

# digests FILE prints the SHA-256 that JSON names, in their order.
digests() { values digest "$1" | sed -n 's/^sha256:\([0-9a-f]\{64\}\)$/\1/p'; }

# fits MESSAGE SIGNATURE asks openssl whether the key made a signature.
fits() {
  case $kind in
    *ED25519*) openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$1" -sigfile "$2" ;;
    *P-384* | *secp384r1*) openssl dgst -sha384 -verify "$key" -signature "$2" "$1" ;;
    *P-256* | *prime256v1*) openssl dgst -sha256 -verify "$key" -signature "$2" "$1" ;;
  esac >/dev/null 2>&1
}

# signed BUNDLE is true if the key signed the statement in it; the statement is
# then in $tmp/statement.
signed() {
  [ "$(values payloadType "$1")" = application/vnd.in-toto+json ] || return 1
  values payload "$1" | openssl base64 -d -A >"$tmp/statement"
  values sig "$1" | openssl base64 -d -A >"$tmp/sig"
  length=$(($(wc -c <"$tmp/statement")))
  printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$length" >"$tmp/message"
  cat "$tmp/statement" >>"$tmp/message"
  fits "$tmp/message" "$tmp/sig"
}

[ -r "$package" ] || fail "there is no file $package"
kind=$(openssl pkey -pubin -in "$key" -noout -text 2>/dev/null) || fail "$key is no public key in PEM"
case $kind in
  *ED25519* | *P-256* | *prime256v1* | *P-384* | *secp384r1*) ;;
  *) fail "$key is none of ECDSA over P-256 or P-384 and Ed25519" ;;
esac

# The runbook's manifest, and the signatures that belong to it.
member index.json "$tmp/index"
manifest='' bundles=''
for hex in $(digests "$tmp/index"); do
  blob "$hex"
  if [ -z "$manifest" ]; then
    manifest=$hex
    continue
  fi
  for named in $(digests "$tmp/$hex"); do
    [ "$named" = "$manifest" ] && continue # its subject
    blob "$named"
    [ "$(values mediaType "$tmp/$named")" = application/vnd.dev.sigstore.bundle.v0.3+json ] && bundles="$bundles $named"
  done
done
[ -n "$manifest" ] || fail "index.json names no manifest"
[ -n "$bundles" ] || fail "the package is not signed"

# One of them was made by the key.
statement=''
for bundle in $bundles; do
  if signed "$tmp/$bundle"; then
    statement=$tmp/statement
    break
  fi
done
[ -n "$statement" ] || fail "no signature in the package was made by the key $key"

# It is about this manifest: the whole statement, not a part of it, is as
# linecheck writes it, with any name.
sed 's/^{"_type":"https:\/\/in-toto.io\/Statement\/v1","subject":\[{"name":"[^"\\]*","digest":{"sha256":"\([0-9a-f]\{64\}\)"}}\],"predicateType":"https:\/\/sigstore.dev\/cosign\/sign\/v1","predicate":{}}$/\1/' "$statement" >"$tmp/subject"
[ "$(cat "$tmp/subject")" = "$manifest" ] || fail "the key signed something else, not the manifest sha256:$manifest"

# The manifest names these bytes and no others.
named=$(digests "$tmp/$manifest")
[ "$(values digest "$tmp/$manifest" | wc -l)" -eq "$(echo "$named" | wc -l)" ] || fail "the manifest names something by another digest than SHA-256"
for hex in $named; do blob "$hex"; done

# The manifest's own words come last in it, after those of its layers.
said() { values "org.opencontainers.image.$1" "$tmp/$manifest" | sed -n '$p'; }
echo "verified: $(said title) $(said version) was signed by the key $key"
echo "sha256:$manifest  manifest"
for hex in $named; do
  # What the manifest says of it: the description that holds its digest.
  type=$(tr '{}' '\n\n' <"$tmp/$manifest" | sed -n '/"sha256:'"$hex"'"/s/.*"mediaType":"\([^"\\]*\)".*/\1/p' | sed 1q)
  echo "sha256:$hex  $type"
done

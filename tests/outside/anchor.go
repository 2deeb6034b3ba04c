// anchor BUNDLE PROOFS: a bundle and its proofs, checked with Go's own checksum database code.
//
// golang.org/x/mod/sumdb opens the signed checkpoint (note.Open), rebuilds the tree from the entries
// (tlog.TreeHash) and checks every .tlog-proof file (tlog.CheckRecord). Of all checkers this is the one
// that most people rely on already.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: anchor BUNDLE PROOFS")
	}
	folder, proofs := os.Args[1], os.Args[2]
	vkey := strings.TrimSuffix(string(read(folder, "log.vkey")), "\n")
	key, err := note.NewVerifier(vkey)
	check(err, "log.vkey")
	checkpoint := read(folder, "checkpoint")
	size, root, err := open(checkpoint, key)
	check(err, "checkpoint")
	passed(1, "note.Open accepts the checkpoint")

	damaged := 0
	for at := range checkpoint {
		if at == len(checkpoint)-3 {
			// Go reads base64 leniently: the last character before "=" has two bits that mean nothing.
			continue
		}
		copied := append([]byte(nil), checkpoint...)
		copied[at] ^= 1
		if _, _, err := open(copied, key); err == nil {
			fail("note.Open accepts a checkpoint with a bit flipped in byte %d", at)
		}
		damaged++
	}
	passed(damaged, "note.Open rejects copies with one flipped bit")

	entries := readEntries(folder, size)
	if hash := rebuild(entries); hash != root {
		fail("the tree of the entries has the root %v, the checkpoint says %v", hash, root)
	}
	passed(len(entries), "entries make the tree of the checkpoint")
	middle := len(entries) / 2
	entries[middle-1], entries[middle] = entries[middle], entries[middle-1]
	if rebuild(entries) == root {
		fail("two entries swapped make the same tree")
	}
	entries[middle-1], entries[middle] = entries[middle], entries[middle-1]
	passed(1, "swapped entries make another tree")

	files, err := filepath.Glob(filepath.Join(proofs, "*.tlog-proof"))
	check(err, proofs)
	rejected := 0
	for _, file := range files {
		index, path, signed := parseProof(file)
		size, root, err := open(signed, key)
		check(err, file)
		check(tlog.CheckRecord(path, size, root, index, tlog.RecordHash(entries[index])), file)
		other := tlog.RecordHash(entries[(index+1)%size])
		if tlog.CheckRecord(path, size, root, index, other) == nil {
			fail("%s: accepted for another entry", file)
		}
		path[0][0] ^= 1
		if tlog.CheckRecord(path, size, root, index, tlog.RecordHash(entries[index])) == nil {
			fail("%s: accepted with a damaged path", file)
		}
		rejected += 2
	}
	passed(len(files), "tlog.CheckRecord accepts proof files")
	passed(rejected, "tlog.CheckRecord rejects other entries and damaged paths")
}

// open verifies a checkpoint and takes it apart: origin, size, root.
func open(signed []byte, key note.Verifier) (int64, tlog.Hash, error) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() || lines[3] != "" {
		return 0, tlog.Hash{}, fmt.Errorf("not a checkpoint of %s", key.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

// readEntries takes the entries out of tile/entries, each behind its length as two bytes.
func readEntries(folder string, size int64) [][]byte {
	var entries [][]byte
	for number := int64(0); number*256 < size; number++ {
		if number > 999 {
			fail("more entries than this reader was written for")
		}
		name := fmt.Sprintf("tile/entries/%03d", number)
		if width := size - number*256; width < 256 {
			name += fmt.Sprintf(".p/%d", width)
		}
		for data := read(folder, name); len(data) > 0; {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				fail("%s ends within an entry", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
		}
	}
	if int64(len(entries)) != size || size < 2 {
		fail("there are %d entries, the checkpoint says %d", len(entries), size)
	}
	return entries
}

// rebuild computes the root from the entries alone.
func rebuild(entries [][]byte) tlog.Hash {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for index, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(index), entry, reader)
		check(err, "tree")
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(entries)), reader)
	check(err, "tree")
	return root
}

// parseProof reads a C2SP .tlog-proof file without extra data.
func parseProof(file string) (int64, tlog.RecordProof, []byte) {
	data := read("", file)
	blank := bytes.Index(data, []byte("\n\n"))
	if blank < 0 {
		fail("%s: no blank line", file)
	}
	lines := strings.Split(string(data[:blank]), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("%s: no tlog-proof file", file)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err, file)
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(err, file)
		path = append(path, hash)
	}
	return index, path, data[blank+2:]
}

func read(folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, name))
	check(err, name)
	return data
}

// passed prints one line for one check. A check that looked at nothing has not passed.
func passed(count int, what string) {
	if count == 0 {
		fail("%s: there was nothing to check", what)
	}
	fmt.Printf("  ok %6d  %s\n", count, what)
}

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, "  FAILED: anchor: "+format+"\n", values...)
	os.Exit(1)
}

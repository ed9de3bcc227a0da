// golden: run arm64
// encoding/binary, base64, base32, hex, csv, xml, gob; compress/gzip, flate, zlib.
package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/gob"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
)

type header struct {
	Magic uint32
	Kind  uint8
	_     [3]byte
	Size  int64
	Pair  [2]uint16
}
type note struct {
	XMLName xml.Name `xml:"note"`
	To      string   `xml:"to,attr"`
	Lines   []string `xml:"body>line"`
}

func main() {
	var buf bytes.Buffer
	h := header{0xcafebabe, 3, [3]byte{}, -2, [2]uint16{1, 2}}
	fmt.Println(binary.Write(&buf, binary.BigEndian, h), hex.EncodeToString(buf.Bytes()), binary.Size(h))
	var g header
	fmt.Println(binary.Read(&buf, binary.BigEndian, &g), g == h)
	b := binary.AppendUvarint(binary.LittleEndian.AppendUint32(nil, 7), 300)
	v, n := binary.Uvarint(b[4:])
	fmt.Println(b, v, n, binary.BigEndian.Uint16(b), binary.PutVarint(b, -65))
	fmt.Print(hex.Dump([]byte("golden program!\n+")))

	e := base64.StdEncoding.EncodeToString([]byte("any carnal pleas"))
	d, err := base64.RawURLEncoding.DecodeString("_-8=")
	fmt.Println(e, d, err)

	text := strings.Repeat("to be or not to be; ", 500)
	buf.Reset()
	zw, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	zw.Name = "hamlet"
	io.WriteString(zw, text)
	zw.Close()
	size := buf.Len()
	zr, err := gzip.NewReader(&buf)
	back, err2 := io.ReadAll(zr)
	fmt.Println(size < 200, zr.Name, err, err2, string(back) == text)
	buf.Reset()
	lw := zlib.NewWriter(&buf)
	io.WriteString(lw, text)
	lw.Close()
	buf.Bytes()[buf.Len()-1] ^= 1
	lr, _ := zlib.NewReader(&buf)
	_, err = io.ReadAll(lr)
	fmt.Println(err)
	_, err = io.ReadAll(flate.NewReader(strings.NewReader("\xff\xff")))
	fmt.Println(err)

	rows, err := csv.NewReader(strings.NewReader("a,\"b \"\"q\"\"\",c\n1,,3\n")).ReadAll()
	fmt.Printf("%q %v\n", rows, err)
	csv.NewWriter(os.Stdout).WriteAll([][]string{{"x y", "a,b", "\"q\""}})
	out, err := xml.MarshalIndent(note{To: "you & me", Lines: []string{"<1>", "2"}}, "", " ")
	fmt.Println(string(out), err)
	var back2 note
	fmt.Println(xml.Unmarshal(out, &back2), back2.To, back2.Lines)

	buf.Reset()
	gob.NewEncoder(&buf).Encode(map[string][]header{"k": {h}})
	var m map[string][]header
	fmt.Println(gob.NewDecoder(&buf).Decode(&m), m["k"][0] == h)
}
/* golden
stdout:
<nil> cafebabe03000000fffffffffffffffe00010002 20
<nil> true
[129 1 0 0 172 2] 300 2 1792 2
00000000  67 6f 6c 64 65 6e 20 70  72 6f 67 72 61 6d 21 0a  |golden program!.|
00000010  2b                                                |+|
YW55IGNhcm5hbCBwbGVhcw== [] illegal base64 data at input byte 3
true hamlet <nil> <nil> true
zlib: invalid checksum
flate: corrupt input before offset 1
[["a" "b \"q\"" "c"] ["1" "" "3"]] <nil>
x y,"a,b","""q"""
<note to="you &amp; me">
 <body>
  <line>&lt;1&gt;</line>
  <line>2</line>
 </body>
</note> <nil>
<nil> you & me [<1> 2]
<nil> true
*/

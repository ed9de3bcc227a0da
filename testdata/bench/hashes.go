package main

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/adler32"
	"hash/crc32"
	"hash/fnv"
)

func main() {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	total := uint64(0)
	for range 8 {
		s := sha256.Sum256(data)
		m := md5.Sum(data)
		total += binary.LittleEndian.Uint64(s[:]) + binary.BigEndian.Uint64(m[:])
		h := fnv.New64a()
		h.Write(data)
		total += h.Sum64() + uint64(adler32.Checksum(data))
		for range 4 {
			total += uint64(crc32.ChecksumIEEE(data))
		}
		e := base64.StdEncoding.EncodeToString(data)
		d, _ := base64.StdEncoding.DecodeString(e)
		x := hex.EncodeToString(d)
		total += uint64(len(x))
	}
	println(total)
}

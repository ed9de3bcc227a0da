// golden: run arm64
// hash and crypto: digests, HMAC, random bytes, constant-time comparison, AES-GCM, ed25519.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"hash/maphash"
)

func main() {
	msg := []byte("The quick brown fox jumps over the lazy dog")
	fmt.Printf("%x\n%x\n%x\n%x\n", md5.Sum(msg), sha1.Sum(msg), sha256.Sum256(msg), sha512.Sum512(msg))
	h := sha256.New()
	for range 1000 {
		h.Write(msg)
	}
	fmt.Printf("%x\n", h.Sum(nil))
	f := fnv.New64a()
	f.Write(msg)
	fmt.Println(crc32.ChecksumIEEE(msg), crc32.Checksum(msg, crc32.MakeTable(crc32.Castagnoli)), crc64.Checksum(msg, crc64.MakeTable(crc64.ISO)), adler32.Checksum(msg), f.Sum64())
	seed := maphash.MakeSeed()
	fmt.Println(maphash.Bytes(seed, msg) == maphash.String(seed, string(msg)), maphash.Comparable(seed, 1) == maphash.Comparable(seed, 2))

	mac := func(key string) []byte { m := hmac.New(sha256.New, []byte(key)); m.Write(msg); return m.Sum(nil) }
	fmt.Printf("%x %v %v\n", mac("key"), hmac.Equal(mac("key"), mac("key")), hmac.Equal(mac("key"), mac("yek")))
	fmt.Println(subtle.ConstantTimeCompare([]byte("a"), []byte("a")), subtle.ConstantTimeCompare([]byte("a"), []byte("b")), subtle.ConstantTimeByteEq(1, 1), subtle.ConstantTimeSelect(1, 10, 20))

	a, b := make([]byte, 32), make([]byte, 32)
	if _, err := rand.Read(a); err != nil {
		panic(err)
	}
	rand.Read(b)
	fmt.Println(bytes.Equal(a, b), len(rand.Text()))

	block, _ := aes.NewCipher(bytes.Repeat([]byte{1}, 32))
	gcm, _ := cipher.NewGCM(block)
	nonce := make([]byte, gcm.NonceSize())
	sealed := gcm.Seal(nil, nonce, msg, []byte("aad"))
	opened, err := gcm.Open(nil, nonce, sealed, []byte("aad"))
	fmt.Printf("%x %v %v\n", sealed[:16], err, bytes.Equal(opened, msg))
	sealed[0] ^= 1
	_, err = gcm.Open(nil, nonce, sealed, []byte("aad"))
	fmt.Println(err)

	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	sig := ed25519.Sign(key, msg)
	fmt.Printf("%x %v\n", sig[:8], ed25519.Verify(key.Public().(ed25519.PublicKey), msg, sig))
}
/* golden
stdout:
9e107d9d372bb6826bd81d3542a419d6
2fd4e1c67a2d28fced849ee1bb76e7391b93eb12
d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592
07e547d9586f6a73f73fbac0435ed76951218fb7d0c8d788a309d785436bbb642e93a252a954f23912547d1e8a3b5ed6e1bfd7097821233fa0538f3db854fee6
3014d44b1c7c1ec9f8702339cc5eddcff5a6b1fda9ee52c00fb6d95fbf4a3e11
1095738169 576848900 5688413677733470862 1541148634 17580284887202820368
true false
f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8 true false
1 0 1 10
false 26
eb5dfdfc044e6adcf859f0371e53af61 <nil> true
cipher: message authentication failed
70ade3d26c20641d true
*/

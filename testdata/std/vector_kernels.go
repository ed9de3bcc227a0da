// golden: run arm64
// What the runtime does with vector instructions agrees with the plain algorithms: lengths 0 to 300, unaligned, many kinds of keys.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/big"
	"strings"
)

const most = 300

// all is f's results for every length at four offsets, digested.
func all(name string, f func(in []byte) []byte) {
	var results []byte
	for n := range most + 1 {
		for off := range 4 {
			results = append(results, f(text[off:off+n])...)
		}
	}
	long := f(text[1 : 1+1<<14+5])
	fmt.Printf("%-14s %x %x\n", name, sha256.Sum256(results), sha256.Sum256(long))
}

var text = func() []byte {
	b := make([]byte, 1<<15)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}()

func check(what string, got []byte, want string) {
	if hex.EncodeToString(got) != want {
		fmt.Printf("%s: got %x, want %s\n", what, got, want)
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func published() {
	key := unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f") // FIPS 197, appendix C
	for n, want := range map[int]string{16: "69c4e0d86a7b0430d8cdb78070b4c55a", 24: "dda97ca4864cdfe06eaf70a0ec0d7191", 32: "8ea2b7ca516745bfeafc49904b496089"} {
		b := must(aes.NewCipher(key[:n]))
		out := unhex("00112233445566778899aabbccddeeff")
		b.Encrypt(out, out)
		check("AES", out, want)
		b.Decrypt(out, out)
		check("AES back", out, "00112233445566778899aabbccddeeff")
	}
	// "The Galois/Counter Mode of Operation", test case 4
	g := must(cipher.NewGCM(must(aes.NewCipher(unhex("feffe9928665731c6d6a8f9467308308")))))
	plain := unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
	check("GCM", g.Seal(nil, unhex("cafebabefacedbaddecaf888"), plain, unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")),
		"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47")
	for _, t := range []struct{ sum, want string }{
		{fmt.Sprintf("%x", sha1.Sum([]byte("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{fmt.Sprintf("%x", sha256.Sum256([]byte("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{fmt.Sprintf("%x", md5.Sum([]byte("abc"))), "900150983cd24fb0d6963f7d28e17f72"},
		{fmt.Sprintf("%x", crc32.ChecksumIEEE([]byte("123456789"))), "cbf43926"},
		{fmt.Sprintf("%x", crc32.Checksum([]byte("123456789"), crc32.MakeTable(crc32.Castagnoli))), "e3069283"},
	} {
		if t.sum != t.want {
			fmt.Println("digest", t.sum, t.want)
		}
	}
}

func ciphers() {
	for _, n := range []int{16, 24, 32} {
		b := must(aes.NewCipher(text[100 : 100+n]))
		all(fmt.Sprint("cbc", n*8), func(in []byte) []byte {
			in = in[:len(in)&^15]
			out, back := make([]byte, len(in)+1)[1:], make([]byte, len(in))
			cipher.NewCBCEncrypter(b, text[:16]).CryptBlocks(out, in)
			cipher.NewCBCDecrypter(b, text[:16]).CryptBlocks(back, out)
			if !bytes.Equal(back, in) {
				fmt.Println("cbc", n, len(in))
			}
			return out
		})
		for _, iv := range [][]byte{text[40:56], bytes.Repeat([]byte{255}, 16), append(make([]byte, 8), bytes.Repeat([]byte{255}, 8)...)} {
			all(fmt.Sprint("ctr", n*8), func(in []byte) []byte {
				out := bytes.Clone(in)
				s := cipher.NewCTR(b, iv)
				s.XORKeyStream(out[:len(in)/3], out[:len(in)/3])
				s.XORKeyStream(out[len(in)/3:], out[len(in)/3:])
				return out
			})
		}
		for _, nonce := range []int{12, 1, 16, 140} {
			g := must(cipher.NewGCMWithNonceSize(b, nonce))
			all(fmt.Sprint("gcm", n*8, "/", nonce), func(in []byte) []byte {
				data := text[7 : 7+len(in)%41+len(in)/2]
				out := g.Seal([]byte{1, 2, 3}, text[:nonce], in, data)
				inPlace := append(bytes.Clone(in), make([]byte, 16)...)
				if !bytes.Equal(g.Seal(inPlace[:0], text[:nonce], inPlace[:len(in)], data), out[3:]) {
					fmt.Println("gcm in place", n, nonce, len(in))
				}
				if back, err := g.Open(inPlace[:0], text[:nonce], inPlace, data); err != nil || !bytes.Equal(back, in) {
					fmt.Println("gcm open", n, nonce, len(in), err)
				}
				out[3+len(in)/2] ^= 1
				if _, err := g.Open(nil, text[:nonce], out[3:], data); err == nil {
					fmt.Println("gcm opens what was changed", n, nonce, len(in))
				}
				return out
			})
		}
	}
}

func main() {
	published()
	ciphers()
	all("sha1", func(in []byte) []byte { h := sha1.Sum(in); return h[:] })
	all("sha256", func(in []byte) []byte { h := sha256.Sum256(in); return h[:] })
	all("sha512", func(in []byte) []byte { h := sha512.Sum512(in); return h[:] })
	all("md5", func(in []byte) []byte { h := md5.Sum(in); return h[:] })
	for _, poly := range []uint32{crc32.IEEE, crc32.Castagnoli, crc32.Koopman} {
		t := crc32.MakeTable(poly)
		all(fmt.Sprintf("crc %x", poly), func(in []byte) []byte {
			return fmt.Append(nil, crc32.Update(crc32.Checksum(in[:len(in)/3], t), t, in[len(in)/3:]))
		})
	}
	all("xor", func(in []byte) []byte {
		out := make([]byte, len(in)+3)[3:]
		subtle.XORBytes(out, in, text[77:])
		subtle.XORBytes(out, out, text[1:])
		return out
	})
	all("search", func(in []byte) []byte {
		var out []byte
		two := bytes.Clone(in)
		for i := range two {
			two[i] = 'a' + two[i]&1
		}
		s := string(two)
		for n := 1; n <= 70 && n <= len(in); n++ {
			end := two[len(two)-n:]
			out = fmt.Append(out, bytes.Index(two, end), strings.Index(s, s[len(s)/2:len(s)/2+(n+1)/2]), bytes.Index(two, append(end[:n-1:n-1], 'c')),
				bytes.LastIndex(two, end), bytes.Count(two, end), " ")
		}
		for _, c := range in[:min(3, len(in))] {
			out = fmt.Append(out, bytes.Count(in, []byte{c}), strings.Count(s, "a"), bytes.IndexByte(in, c^1), bytes.Compare(in, two), " ")
		}
		return out
	})
	signatures()
}

func signatures() {
	var out []byte
	key := ed25519.NewKeyFromSeed(text[:32])
	for n := range 20 {
		out = append(out, ed25519.Sign(key, text[:n])...)
		for _, curve := range []ecdh.Curve{ecdh.P256(), ecdh.P384(), ecdh.X25519()} {
			size := 32
			if curve == ecdh.P384() {
				size = 48
			}
			a, b := must(curve.NewPrivateKey(text[n+1:n+1+size])), must(curve.NewPrivateKey(text[n+200:n+200+size]))
			s, t := must(a.ECDH(b.PublicKey())), must(b.ECDH(a.PublicKey()))
			if !bytes.Equal(s, t) {
				fmt.Println("ecdh", curve, n)
			}
			out = append(append(out, s...), a.PublicKey().Bytes()...)
		}
		// bigmod's lengths, in RSA without a key of ours: modulus 2^bits - 1
		for _, bits := range []uint{1024, 1536, 2048} {
			pub := &rsa.PublicKey{N: new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(int64(2*n+1))), E: 65537}
			if rsa.VerifyPKCS1v15(pub, 0, text[:20], text[9:9+bits/8]) == nil {
				fmt.Println("rsa", bits)
			}
		}
		m := new(big.Int).SetBytes(text[:128+8*n])
		m.SetBit(m, 0, 1)
		out = append(out, new(big.Int).Exp(new(big.Int).SetBytes(text[300:420]), new(big.Int).SetBytes(text[500:530]), m).Bytes()...)
	}
	fmt.Printf("signatures %x\n", sha256.Sum256(out))
}
/* golden
stdout:
cbc128         acaf72a8f8d3bc51f074ce4c0a600f95ede421525406836fc158507108d368aa eb55b163dc1a681024b04f56d202a1216d6d2569c8509ecdd6808e443c11c8a1
ctr128         bed85a409f8a5d8266e7c9be8e5416cfb0cacf32c6efe66db1195d2cd83700f0 65e3e4012f79b4451b39ef09951eb75bdecdd006beb6bb90415922d9507c662f
ctr128         3d064a0c1ac2b54473430baf1c12bbd86a4d2dc10ccca9bad645072b4870b466 28244eca5cca50477c6069f88e112b3e75995c3fe80014ddc5380437828b0863
ctr128         e73519eef7fce827f1779cfd683b4c6ba0553d74062a09ae49803cab0d5a3c68 99e7ada4d5695a5cdc7a6f497c857ee040dc905e437c131afaa6bdd02a052c19
gcm128/12      0c20673224bcda7a98d1c0003e18d8df27e123b4ba993204fcc71705e8a784b8 a7041ef3fe0860ff107ddaa55b93fc0f2d016686a1422c21fb2e9b28971242c1
gcm128/1       18643bc3239f52c06c20eb23ec0e227a7ab2bdb63d4500ac13d9c8f7b3fde579 2d714efe9d246c8ac3a61b2087a565195391157a2ee8b71c4549ebb6238c30e2
gcm128/16      091516321bfcf95feed73e6d068ed9cce126e422abfbdbf1b97c7aa31fa2817c a144060737cc193eeaddaffa989e3772ae5500fa309828ff27d22ceef8e85c88
gcm128/140     7b39a134790e9689500839700a55ac832ce9e5f8317f5fc19aba0455546ba632 95c61cb31c4ba2557461c8e61caa132c6123017c2a779dd30de2eadef5f5f68e
cbc192         9840dd8f07827140446f67fd8eb7d1efb9a168e8197f306ff728151e767a3166 2d22a6c7b2fcce1ec065e140e3915d6e09afa140df21a979e55196f2bee14649
ctr192         62db4c4d6ac9e61ab14be7dba029fe3c9eb107f709f27c15328d40dbd269047b 292aebad0baa5f5ac71340f6824c807dd17762eff2db8c9fbac03b86069da5ab
ctr192         e225b8f4eeb03beb2935d907f363b8a8eb9bb3ff8142b5e829c19d0794581427 21123af2e09eb6a63a3c1c7122f7d4915c10378b8b87a95ed3c79d95bb8439ec
ctr192         98986955043a8686eb16beb31351fbe35c0c2690a2a63485a94e94580ada942c 1db8c80105ec8a6a70d9ca61e4dcc5edd6df0d9d12dc1930913e24705effb662
gcm192/12      9d766916f36fa8afa3a3c10b76781ce7bd5f13f5305095582270228d7ac1d13d f242312ef0fa0e37b0c427394dfb270a08655be2bc76bccf1578815c00201f20
gcm192/1       3ff970b49c1f17ef0e1e519c895b986da8f3dcf693b64d05ac51c3ad194d0bfc 30d96cc5a4162152a9ae8e38388f7d889a332084a7696140468a272884218ecc
gcm192/16      a6068ccdc4cb0a1f6a349317d15553278f364dbdf8b928270e62b4e11a1cb9ba 20167d0dd465390b154151434aa6e60cee9e6a466bb0a033b0c95edf4d9ed23f
gcm192/140     d76ac48fb5e79ee990e010461092e5657569767138978a377b0b78ba73becb80 1d8e60a22dce6a5ced632b78d2a600762d18bf08d77f4577375ba2c688ef7774
cbc256         10bc6d009345a508874e5573443b4dc16e0d61c2e5a97b60363f470d80625ab4 e51942e338e9e26d5ae5cd409ee15293a4d620bfa38f38a8243762544abbb620
ctr256         0b4adab12de95e74419e93161b3d9b8c41444ab504cfeffbee14e989652c8574 b2739b316067a037f38d0196edefb11eb771c227cd3351637db88a201b3ace82
ctr256         087e132708c95d5abc5d3934a140905b0e8a4a750b4e25f9c30ccde87a918f05 7af1deb616b79afd380af3c13dca88245c8eee57154c6b143e59f22ac3263568
ctr256         726ffe474b7c04f46bd8c2917e36108c02cd97bd64b5e2a0ae62d84818451fca a86dccf303c1faa1c4d6f7b1e115e99fa8ba292865a1419e37282c47c5864bef
gcm256/12      74d5952980319298053ac5aca611a2f753415591ee9a9db5e2aa9f54c839c8d6 a054d222132967326b761f4e6e07cfae5723dec21952f7c896123a6a0e570e4f
gcm256/1       947acb79c0daa15f75877d74f1de6b16a7b898877cf8b0f1a7eef0f6d238296b 65584ad632c849aa1d69c2631fbe6f2dc59a2d79883fea9cc5393e5bf2db7175
gcm256/16      af27fc96bbe7815d67bef2defa878ba7abaab6b526924950e1b61c5217c62de0 fc97bf2b4fe2c7500c26630212c0b7a4156282c14e65e269d8836baf80a9f959
gcm256/140     eb18ede54142e59b049d938ebbe7f821410e3c4f1a590aa0180a4761fbfad3c9 94fb7b21ef4175bf211c05f31638bbcab590f8138d031f85dbe5c205e17c144c
sha1           595e31db6e0d2d26cc4f086f96c6520636350b594d219076e8e7d485bb131d88 a76ab0bbc560115aadfa6e602abd803f2e4cec3c8b58b3bdc779245b6db93303
sha256         27edde79849d0ee9c5e00351ccd4744300f3dc3c922b2bdf24a968ac28c6f7f3 32489d43b37dc089c92f6e7ae2fbbef87c1a89d5397a18e8aa2b75d017462210
sha512         d5b6634ef1bda79ac2c21c668c1b00251ba1ad9b0c29b8d13123bb52a0c88687 8438adb60236e4b65ba0f3ca76e870496c9a16c9c17ad9a82feafbc6f8657253
md5            269b8c63ed8c79ed39f60f1aaccbf862b099186ae3bc1ededac44dd788c4a412 94fbfa16334fafac3ba64cae0882fdd82785b07197bc7a2462848e6804c15859
crc edb88320   a3f059a05f1e40d77d26f1292877761da1673f22495792348f84687370cd5256 c983d89f784c7d79cde6371029a34a3dd3f5faf48de0a169999e44d0db92659f
crc 82f63b78   1887e33bd5f3d123d4561838ebf94bb58e06b65bae3d5112150e8ea27b9cc500 87ad96141bd30733919ffd92a8e6cda073849289aba9608bd0730665000372e5
crc eb31d82e   b860a47dcfa778dfafdc9b54c418bf60dcbb55139b928b090e22a09381c2263a c865705277c5825455dcf3a2dc5371d7f1b0a425c196a27e8649076643142f88
xor            f184ba3545e667a7f2cec3a87ca2f02818d3389abb08692f49c0b72965700968 1d4ddaa3f292c77cc8963b5ff9c84100282a11aff9236c46c186914fd1604010
search         0686ac7749ef360c422215626ca021a2fc546b8b783e0be760a042939f7d5905 65bb69e97df01516f9bff6b1b4e6b54602ed14fb9788a6ca9417919b12e5fe85
signatures 04e51ff01c2e12882011f540fc28dda6ec7cbff8961e5f8e07f047aaef4f03d4
*/

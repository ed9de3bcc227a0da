// golden: run
// crypto/tls and HTTP/2: a certificate made here, TLS 1.3, requests multiplexed on one connection.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "golden"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)

	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.Proto, " ", r.TLS.Version == tls.VersionTLS13)
		}),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13, CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256},
			Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	var dials atomic.Int32
	server.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dials.Add(1)
		}
	}
	go server.ServeTLS(ln, "", "")
	url := "https://" + ln.Addr().String()

	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	get := func() string {
		resp, err := client.Get(url)
		if err != nil {
			return err.Error()
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
	fmt.Println(get())
	var wg sync.WaitGroup
	var right atomic.Int32
	for range 20 {
		wg.Go(func() {
			if get() == "HTTP/2.0 true" {
				right.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println(right.Load(), dials.Load())
	_, err = http.Get(url)
	fmt.Println(err != nil)
	old := &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS12}
	_, err = tls.Dial("tcp", ln.Addr().String(), old)
	fmt.Println(err)
	server.Close()
}
/* golden
stdout:
HTTP/2.0 true
20 1
true
remote error: tls: protocol version not supported
*/

// Command reference is the smallest honest LLM gateway on Go's net/http, the yardstick of the benchmark: it reads the
// JSON body, sets the provider's model and key, and passes the answer on, unbuffered when it is a stream.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

var provider = flag.String("provider", "", "base URL of the provider")

func main() {
	flag.Parse()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	gateway := &gateway{
		target:     *provider + "/v1/chat/completions",
		credential: "Bearer " + os.Getenv("BENCH_PROVIDER_KEY"),
		transport: &http.Transport{
			MaxIdleConns: 10_000, MaxIdleConnsPerHost: 10_000, IdleConnTimeout: time.Minute, DisableCompression: true,
		},
	}
	log.Fatal(http.Serve(listener, gateway))
}

type gateway struct {
	target, credential string
	transport          *http.Transport
}

func (g *gateway) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	if in.URL.Path != "/v1/chat/completions" {
		http.NotFound(out, in)
		return
	}
	body, err := withModel(in.Body)
	if err != nil {
		http.Error(out, "bad JSON", http.StatusBadRequest)
		return
	}
	request, err := http.NewRequestWithContext(in.Context(), http.MethodPost, g.target, bytes.NewReader(body))
	if err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", g.credential)
	answer, err := g.transport.RoundTrip(request)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	out.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
	out.WriteHeader(answer.StatusCode)
	pass(out, answer)
}

func withModel(in io.Reader) ([]byte, error) {
	body, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, err
	}
	fields["model"] = json.RawMessage(`"mock-model"`)
	return json.Marshal(fields)
}

func pass(out http.ResponseWriter, answer *http.Response) {
	buffer := make([]byte, 8192)
	for {
		n, err := answer.Body.Read(buffer)
		if n > 0 {
			if _, broken := out.Write(buffer[:n]); broken != nil {
				return
			}
			if answer.ContentLength < 0 {
				out.(http.Flusher).Flush()
			}
		}
		if err != nil {
			return
		}
	}
}

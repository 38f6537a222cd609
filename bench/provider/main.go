// Command provider is the mock upstream of the benchmark: OpenAI's chat API at so little cost that the gateways
// before it are what is measured. It refuses a request without a key or without the provider's model, so a gateway
// that merely forwards bytes cannot win.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const model = "mock-model"

var (
	chunks   = flag.Int("chunks", 20, "pieces of a streamed answer")
	interval = flag.Duration("interval", 50*time.Millisecond, "time between two pieces")

	answered, streamed, refused, aborted, live atomic.Int64
)

func main() {
	flag.Parse()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	server := &fasthttp.Server{Handler: handler(), MaxRequestBodySize: 64 << 20, Concurrency: 100_000}
	log.Fatal(server.Serve(listener))
}

func handler() fasthttp.RequestHandler {
	answer := wholeAnswer()
	return func(exchange *fasthttp.RequestCtx) {
		body := exchange.Request.Body()
		switch {
		case string(exchange.Path()) == "/stats":
			fmt.Fprintf(exchange, `{"answered":%d,"streamed":%d,"refused":%d,"aborted":%d,"live":%d}`,
				answered.Load(), streamed.Load(), refused.Load(), aborted.Load(), live.Load())
		case !strings.HasSuffix(string(exchange.Path()), "/chat/completions"):
			exchange.Error("no such path", 404)
		case len(exchange.Request.Header.Peek("Authorization")) < len("Bearer 123456"):
			refuse(exchange, 401, "no key")
		case !bytes.Contains(body, []byte(model)):
			refuse(exchange, 400, "the gateway did not set the model")
		case asksForStream(body):
			streamed.Add(1)
			stream(exchange, asked(body, "bench-every=", *interval))
		default:
			time.Sleep(asked(body, "bench-wait=", 0))
			answered.Add(1)
			exchange.SetContentType("application/json")
			exchange.Response.SetBodyRaw(answer)
		}
	}
}

func asksForStream(body []byte) bool {
	return bytes.Contains(body, []byte(`"stream":true`)) || bytes.Contains(body, []byte(`"stream": true`))
}

// asked is a time that stands in the request's text, such as "bench-wait=2s": it survives every gateway.
func asked(body []byte, name string, otherwise time.Duration) time.Duration {
	_, after, found := bytes.Cut(body, []byte(name))
	word, _, closed := bytes.Cut(after, []byte(`"`))
	if !found || !closed {
		return otherwise
	}
	length, err := time.ParseDuration(string(word))
	if err != nil {
		return otherwise
	}
	return length
}

func refuse(exchange *fasthttp.RequestCtx, status int, message string) {
	refused.Add(1)
	exchange.SetStatusCode(status)
	exchange.SetContentType("application/json")
	fmt.Fprintf(exchange, `{"error":{"message":%q,"type":"invalid_request_error"}}`, message)
}

// wholeAnswer is about 1 KB, the size of a short paragraph.
func wholeAnswer() []byte {
	text := strings.TrimSpace(strings.Repeat("lorem ipsum dolor sit amet ", 30))
	answer, err := json.Marshal(map[string]any{
		"id": "chatcmpl-mock", "object": "chat.completion", "created": 1_700_000_000, "model": model,
		"choices": []any{map[string]any{
			"index": 0, "finish_reason": "stop",
			"message": map[string]any{"role": "assistant", "content": text},
		}},
		"usage": map[string]any{"prompt_tokens": 100, "completion_tokens": 200, "total_tokens": 300},
	})
	if err != nil {
		log.Fatal(err)
	}
	return answer
}

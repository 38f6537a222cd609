package main

import (
	"bufio"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"
)

const chunkHead = `data: {"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1700000000,"model":"` + model + `",`

// stream sends its pieces at a steady pace. Each carries the time it was sent in its text, so that the time survives
// a gateway that writes the JSON anew.
func stream(exchange *fasthttp.RequestCtx, every time.Duration) {
	exchange.SetContentType("text/event-stream; charset=utf-8")
	exchange.SetBodyStreamWriter(func(out *bufio.Writer) {
		live.Add(1)
		defer live.Add(-1)
		due := time.Now()
		for range *chunks {
			time.Sleep(time.Until(due))
			due = due.Add(every)
			fmt.Fprintf(out, chunkHead+`"choices":[{"index":0,"delta":{"role":"assistant","content":"@t=%d@ "},"finish_reason":null}]}`+"\n\n", time.Now().UnixNano())
			if out.Flush() != nil {
				aborted.Add(1)
				return
			}
		}
		fmt.Fprint(out, chunkHead+`"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`+"\n\n")
		fmt.Fprint(out, chunkHead+`"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":200,"total_tokens":300}}`+"\n\n")
		fmt.Fprint(out, "data: [DONE]\n\n")
		_ = out.Flush()
	})
}

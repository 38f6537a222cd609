package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Target is one gateway, or the provider itself, with the request to send to it.
type Target struct {
	Name    string
	URL     string
	Key     string            // shown as a bearer key; empty for none
	Headers map[string]string // more of them
	Body    json.RawMessage
	Pid     int // of the process whose CPU and memory are read, with its children

	host    string
	request []byte
}

func (t *Target) prepare() error {
	at, err := url.Parse(t.URL)
	if err != nil {
		return err
	}
	t.host = at.Host
	var head bytes.Buffer
	fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n", at.RequestURI(), at.Host)
	if t.Key != "" {
		fmt.Fprintf(&head, "Authorization: Bearer %s\r\n", t.Key)
	}
	for name, value := range t.Headers {
		fmt.Fprintf(&head, "%s: %s\r\n", name, value)
	}
	fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n", len(t.Body))
	t.request = append(head.Bytes(), t.Body...)
	return nil
}

// line is one kept connection to a target; nil inside until it is first needed.
type line struct {
	target *Target
	socket net.Conn
	in     *bufio.Reader
	used   bool
}

// call sends the target's request once and hands the body to read. A kept connection that the server closed while
// it idled is replaced once, as every HTTP client does, provided that no byte of an answer came.
func (l *line) call(read func(io.Reader) error) error {
	reused := l.used
	begun, err := l.once(read)
	if err != nil && reused && !begun && !os.IsTimeout(err) {
		_, err = l.once(read)
	}
	return err
}

func (l *line) once(read func(io.Reader) error) (begun bool, err error) {
	if l.socket == nil {
		if l.socket, err = net.DialTimeout("tcp", l.target.host, 10*time.Second); err != nil {
			return false, err
		}
		l.in = bufio.NewReaderSize(l.socket, 8192)
	}
	keep := false
	defer func() {
		if !keep {
			l.close()
		}
	}()
	_ = l.socket.SetDeadline(time.Now().Add(callTimeout))
	if _, err = l.socket.Write(l.target.request); err != nil {
		return false, err
	}
	if _, err = l.in.Peek(1); err != nil {
		return false, err
	}
	answer, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return true, err
	}
	if answer.StatusCode != http.StatusOK {
		return true, fmt.Errorf("status %d", answer.StatusCode)
	}
	if err = read(answer.Body); err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
	}
	keep = err == nil && !answer.Close
	l.used = keep
	return true, err
}

func (l *line) close() {
	if l.socket != nil {
		_ = l.socket.Close()
		l.socket, l.used = nil, false
	}
}

func ignore(io.Reader) error { return nil }

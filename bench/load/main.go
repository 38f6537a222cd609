// Command load sends the load of one measurement and prints what it saw as JSON. The plan comes on standard input.
//
// The targets of a plan take turns within one run, so that what else the machine does falls on all of them alike.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// Plan says what to measure. Which of the figures count depends on Mode.
type Plan struct {
	Mode        string // closed, open or stream
	Targets     []*Target
	Connections int     // closed: per target; open: at most, per target
	Seconds     float64 // closed and open: of measured load per target
	Warm        float64 // closed and open: seconds of unmeasured load before, per target
	Rate        float64 // open: arrivals per second and target; stream: starts per second
	Streams     int     // stream: per target
	Chunks      int     // stream: text pieces each must bring
}

const callTimeout = 30 * time.Second

func main() {
	debug.SetGCPercent(400)
	plan := Plan{}
	if err := json.NewDecoder(os.Stdin).Decode(&plan); err != nil {
		fail(err)
	}
	for _, target := range plan.Targets {
		if err := target.prepare(); err != nil {
			fail(err)
		}
	}
	modes := map[string]func(Plan) []*Tally{"closed": closedLoop, "open": openLoop, "stream": streams}
	run, known := modes[plan.Mode]
	if !known {
		fail(fmt.Errorf("no mode %q", plan.Mode))
	}
	results := map[string]any{}
	for _, tally := range run(plan) {
		results[tally.target.Name] = tally.result()
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func seconds(count float64) time.Duration { return time.Duration(count * float64(time.Second)) }

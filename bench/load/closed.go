package main

import (
	"sync"
	"time"
)

// turn is how long one target has the machine before the next one's turn.
const turn = 500 * time.Millisecond

// closedLoop keeps a number of connections busy, each sending its next request when the last one is answered. It
// finds what a call costs in CPU and how many calls go through; its latencies say nothing about a steady arrival.
func closedLoop(plan Plan) []*Tally {
	all := tallies(plan.Targets)
	lines := make([][]*line, len(all))
	for i, tally := range all {
		for range plan.Connections {
			lines[i] = append(lines[i], &line{target: tally.target})
		}
		defer closeAll(lines[i])
	}
	unmeasured := tallies(plan.Targets)
	for range turns(plan.Warm) {
		for i := range unmeasured {
			takeTurn(unmeasured[i], lines[i])
		}
	}
	for range max(1, turns(plan.Seconds)) {
		for i := range all {
			takeTurn(all[i], lines[i])
		}
	}
	return all
}

func turns(length float64) int { return int(seconds(length) / turn) }

func takeTurn(tally *Tally, lines []*line) {
	cpu, begin := cpuOf(tally.target.Pid), time.Now()
	end := begin.Add(turn)
	var busy sync.WaitGroup
	for _, line := range lines {
		busy.Add(1)
		go func() {
			defer busy.Done()
			for sent := time.Now(); sent.Before(end); sent = time.Now() {
				err := line.call(ignore)
				tally.count(sent, err)
				if err != nil {
					time.Sleep(10 * time.Millisecond) // a refusing target must not be asked in a spin
				}
			}
		}()
	}
	busy.Wait()
	tally.spent += time.Since(begin)
	tally.cpu += cpuOf(tally.target.Pid) - cpu
	tally.watchMemory()
}

func closeAll(lines []*line) {
	for _, line := range lines {
		line.close()
	}
}

// Durations are counted by a clock that nobody can set; the device's own time is only told, and compared with ours.
import { say } from "./page.js";

const NOTABLE = 120; // seconds

// Seconds of work on one interview, over as many visits as it takes.
export class Stopwatch {
  constructor(before = 0) {
    this.before = before;
    this.since = performance.now();
  }

  get seconds() {
    return Math.round(this.before + (performance.now() - this.since) / 1000);
  }
}

// "3 ชั่วโมง": how far this clock is off, in words; empty where it is right. `ahead`: seconds.
export function clockWords(ahead) {
  const off = Math.abs(ahead);
  if (off < NOTABLE) return "";
  const much = off < 7200 ? say("minutes", off / 60) : off < 172800 ? say("hours", off / 3600) : say("days", off / 86400);
  return say(ahead > 0 ? "clock_fast" : "clock_slow", much);
}

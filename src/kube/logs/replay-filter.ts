import type { PodLogLine } from '../pod-logs.ts';
import { timeKey } from './parse-log-line.ts';

/**
 * Tells new lines from those that come again when a stream is resumed. A cluster resumes by whole seconds, so the lines
 * of the last second are remembered, by time and text; what is older than they has been delivered.
 */
export interface ReplayFilter {
  /** Time of the newest line; undefined before the first. */
  readonly lastTime: string | undefined;
  /** Since the last resumption: whether a line that was known came again, so that nothing is missing. True before the first. */
  readonly hasMet: boolean;
  /** From here on lines may come again. */
  resume(): void;
  isNew(line: PodLogLine): boolean;
}

const maxRemembered = 5_000;

export function createReplayFilter(): ReplayFilter {
  let remembered: { readonly key: string; readonly text: string }[] = [];
  let lastTime: string | undefined;
  let lastKey = '';
  /** Nothing older than this can be new. */
  let floorKey = '';
  let hasMet = true;
  let replayed: { readonly untilKey: string; readonly counts: Map<string, number> } | undefined;

  function remember(key: string, line: PodLogLine): void {
    if (key >= lastKey) {
      lastKey = key;
      lastTime = line.time;
    }
    remembered.push({ key, text: fingerprint(line.text) });
    const second = lastKey.slice(0, lastKey.indexOf('.'));
    if (remembered.length > maxRemembered || (remembered[0]?.key ?? lastKey) < second) {
      remembered = remembered.filter((entry) => entry.key >= second).slice(-maxRemembered / 2);
      floorKey = remembered[0]?.key ?? lastKey;
    }
  }

  return {
    get lastTime() {
      return lastTime;
    },
    get hasMet() {
      return hasMet;
    },
    resume() {
      hasMet = lastTime === undefined;
      const counts = new Map<string, number>();
      for (const { key, text } of remembered) counts.set(`${key} ${text}`, (counts.get(`${key} ${text}`) ?? 0) + 1);
      replayed = { untilKey: lastKey, counts };
    },
    isNew(line) {
      const key = timeKey(line.time);
      if (replayed !== undefined && key <= replayed.untilKey) {
        if (key < floorKey) return false;
        const identity = `${key} ${fingerprint(line.text)}`;
        const count = replayed.counts.get(identity) ?? 0;
        if (count > 0) {
          hasMet = true;
          replayed.counts.set(identity, count - 1);
          return false;
        }
      }
      remember(key, line);
      return true;
    },
  };
}

function fingerprint(text: string): string {
  return text.length <= 256 ? text : `${text.slice(0, 128)} ${text.length} ${text.slice(-128)}`;
}

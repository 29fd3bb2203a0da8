import type { Bench, BenchRow } from './bench-row.ts';
import { readLargeCluster } from './read-large-cluster.ts';
import type { Turns } from './turn-meter.ts';

/** What no turn of the event loop may take, in ms. */
const longestTurnBar = 20;

/** How long reading a large cluster holds the loop, and what it costs against only parsing the same bytes. */
export const benchIntake: Bench = {
  name: 'intake',
  async run() {
    const { pods, parse, readAndParse, list, relist, unchangedRelist, burst, burstPods } = await readLargeCluster();
    const perPod = (turns: Turns, count = pods) => (turns.cpuMs * 1_000) / count;
    const turn = (what: string, turns: Turns): BenchRow => ({
      name: `intake: longest turn of the loop, ${what}`,
      value: turns.longestTurnMs,
      unit: 'ms CPU',
      yardstick: 'absolute',
      ratio: turns.longestTurnMs,
      bar: longestTurnBar,
    });
    const cost = (what: string, turns: Turns, count?: number): BenchRow => ({
      name: `intake: a pod ${what}`,
      value: perPod(turns, count),
      unit: 'µs CPU',
      yardstick: `JSON.parse of the same pages (${perPod(parse).toFixed(1)} µs a pod)`,
      ratio: perPod(turns, count) / perPod(parse),
    });
    return [
      turn(`${pods} pods listed`, list),
      turn(`${pods} pods listed again, none changed`, unchangedRelist),
      turn(`${pods} pods listed again, all changed, one follower`, relist),
      turn(`${burstPods} changes at once`, burst),
      cost('listed', list),
      {
        name: 'intake: a pod listed',
        value: perPod(list),
        unit: 'µs CPU',
        yardstick: `the same pages read and parsed plainly (${perPod(readAndParse).toFixed(1)} µs a pod)`,
        ratio: perPod(list) / perPod(readAndParse),
      },
      cost('listed again, none changed', unchangedRelist),
      cost('listed again, all changed, one follower', relist),
      cost('changed', burst, burstPods),
    ];
  },
};

/**
 * `npm run bench`: what Longshore costs, as ratios against baselines measured in the same run. Nothing is asserted here;
 * absolute numbers belong to this machine and this minute. `--rows lists memory` measures some of it, by the names of
 * `benches`, `cluster` and `start`; `--json FILE` writes `[{ name, value, unit, yardstick, ratio, bar, holds }]`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchCrowd } from './bench-crowd.ts';
import { benchDeliveries } from './bench-deliveries.ts';
import { benchHostile } from './bench-hostile.ts';
import { benchIntake } from './bench-intake.ts';
import { benchJournal } from './bench-journal.ts';
import { benchLists } from './bench-lists.ts';
import { benchMemory } from './bench-memory.ts';
import { benchMetering } from './bench-metering.ts';
import { benchMutation, benchNested, benchOverview, benchSingle } from './bench-objects.ts';
import { benchPages } from './bench-pages.ts';
import { benchRelease } from './bench-release.ts';
import type { BenchRow } from './bench-row.ts';
import { benchShares } from './bench-shares.ts';
import { benchSubscribers } from './bench-subscribers.ts';
import { benchTerminal } from './bench-terminal.ts';
import { measureLargeCluster } from './measure-large-cluster.ts';
import { measureStart } from './measure-start.ts';

const benches = [
  benchLists,
  benchPages,
  benchNested,
  benchOverview,
  benchSingle,
  benchMutation,
  benchDeliveries,
  benchSubscribers,
  benchCrowd,
  benchJournal,
  benchTerminal,
  benchHostile,
  benchIntake,
  benchMemory,
  benchRelease,
  benchMetering,
  benchShares,
];
const { values: flags, positionals } = parseArgs({
  options: { rows: { type: 'string', multiple: true }, json: { type: 'string' } },
  allowPositionals: true,
});
const asked = [...(flags.rows ?? []), ...positionals];
const names = [...benches.map(({ name }) => name), 'cluster', 'start'];
const unknown = asked.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`There are no rows '${unknown}'; there are ${names.join(', ')}.`);
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);
const results: BenchRow[] = [];

for (const bench of benches) {
  if (!isAsked(bench.name)) continue;
  const measured = await bench.run();
  printRows(measured);
  results.push(...measured);
}
if (isAsked('cluster')) await measureLargeCluster();
if (isAsked('start')) await measureStart();
if (flags.json !== undefined) {
  const report = results.map((row) => ({
    ...row,
    bar: row.bar ?? null,
    holds: row.bar === undefined ? null : row.ratio <= row.bar,
  }));
  writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exit(0);

function printRows(measured: readonly BenchRow[]): void {
  console.log('\n| what | value | against | ratio | bar |\n| --- | --- | --- | --- | --- |');
  for (const { name, value, unit, yardstick, ratio, bar } of measured) {
    console.log(`| ${name} | ${value.toFixed(2)} ${unit} | ${yardstick} | ${ratio.toFixed(2)} | ${bar ?? ''} |`);
  }
}

import { startTestGateway } from '../../src/testing.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { type Measured, measureEach } from './measure.ts';

const rounds = 40;
/** CPU of one refusal, in ms. */
const barMs = 20;

/** What each hostile request costs the gateway until it is refused, against a query that asks for one field. */
export const benchHostile: Bench = { name: 'hostile', run };

async function run(): Promise<readonly BenchRow[]> {
  await using gateway = await startTestGateway();
  const url = `${gateway.url}/graphql`;

  /** Never the same text twice: what is remembered of a document is not what is measured. */
  async function costOf(name: string, body: string, status: number): Promise<Measured> {
    let sent = 0;
    const target = {
      name,
      url,
      status,
      method: 'POST' as const,
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      get body() {
        return body.replace('"query":"', `"query":"# ${sent}\\n`);
      },
    };
    return measureEach(target, rounds, async () => {
      sent += 1;
    });
  }

  const harmless = '{"query":"{ viewer { name } }"}';
  // Twice: the first requests of a process are dearer than all that follow.
  await costOf('warm-up', harmless, 200);
  const yardstick = await costOf('harmless', harmless, 200);
  const rows: BenchRow[] = [];
  for (const { name, body, status } of hostileRequests) {
    const { cpuMs } = await costOf(name, body, status);
    rows.push({
      name: `hostile: ${name}`,
      value: cpuMs,
      unit: 'ms CPU',
      yardstick: `a query for one field (${yardstick.cpuMs.toFixed(2)} ms)`,
      ratio: cpuMs / yardstick.cpuMs,
    });
  }
  const dearest = rows.reduce((most, row) => (row.value > most.value ? row : most));
  return [
    ...rows,
    {
      name: `the dearest refusal (${dearest.name})`,
      value: dearest.value,
      unit: 'ms CPU',
      yardstick: 'itself, in ms',
      ratio: dearest.value,
      bar: barMs,
    },
  ];
}

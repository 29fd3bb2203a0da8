import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import type { ServiceReleaseState } from '../../api.ts';
import { serviceReleases } from '../../tables.ts';
import { type OrderPlay, openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';
import { planRollback, releasedVersions } from './release-history.ts';
import { previewRollback } from './rollback-preview.ts';

let database: TestDatabase;
let play: OrderPlay;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
beforeEach(async () => {
  await database.empty();
  play = playOrders(database);
});
afterAll(() => database.close());

interface Past {
  readonly version: number;
  readonly state: ServiceReleaseState;
  readonly minute: number;
}

const ended: readonly ServiceReleaseState[] = ['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'];
const open: readonly ServiceReleaseState[] = ['READY', 'GROUPS', 'PAUSED', 'FAILED', 'SUCCEEDED'];

/** REL-34 as it stands there, over the releases of a service but the one that goes back. */
function expected(past: readonly Past[], version: number): string {
  const succeeded = past.filter(({ state }) => state === 'SUCCEEDED');
  const others = succeeded.filter((each) => each.version !== version);
  const last = others.reduce((latest, { minute }) => Math.max(latest, minute), -1);
  if (last >= 0)
    return `TO_PREVIOUS one of ${others.filter(({ minute }) => minute === last).map((each) => each.version)}`;
  return succeeded.length > 0 ? 'CANCEL_ONLY' : 'TO_EMPTY';
}

describe('where a rollback leads (REL-34)', () => {
  it('is what its preview says, whatever was released before, and however it ended (property)', async () => {
    const releasePast = fc.record({
      version: fc.nat(2),
      state: fc.constantFrom(...ended),
      minute: fc.integer({ min: 0, max: 4 }),
    });
    const now = fc.record({ version: fc.nat(2), state: fc.constantFrom(...open), minute: fc.constant(9) });
    await fc.assert(
      fc.asyncProperty(fc.array(releasePast, { maxLength: 5 }), now, async (past, own) => {
        await database.empty();
        const { serviceId, versions } = await play.addService('front', 1, 3);
        const other = await play.addService('other', 1, 1);
        const moment = ({ minute }: Past) => new Date(Date.parse('2026-06-01T00:00:00Z') + minute * 60_000);
        const insert = async (each: Past, of: string, version: string) => {
          const order = await play.create([{ serviceId: of, versionId: version }]);
          const [row] = await play.store.releasesOf([order.uuid]);
          const target = { versionId: version, template: {}, made: each.minute };
          await database.db.execute(
            `update release_service_releases set state = '${each.state}', target = '${JSON.stringify(target)}', finished_at = '${moment(each).toISOString()}' where id = '${row?.id}'`,
          );
          await database.db.execute('update release_app_services set release_id = null, last_release_state = null');
          return row?.id;
        };
        await insert({ version: 0, state: 'SUCCEEDED', minute: 8 }, other.serviceId, other.versions[0] ?? '');
        for (const each of past) await insert(each, serviceId, versions[each.version] ?? '');
        const id = await insert(own, serviceId, versions[own.version] ?? '');
        const release = (await database.db.select().from(serviceReleases)).find((row) => row.id === id);
        if (!release) throw new Error('it was made above');

        const plan = await planRollback(database.db, release);
        const preview = previewRollback(release, await releasedVersions(database.db, [serviceId]));
        expect(plan.outcome).toBe(preview.outcome);
        expect(plan.previous?.versionId ?? null).toBe(preview.versionId);
        const rule = expected(past, own.version);
        expect(rule.startsWith(plan.outcome)).toBe(true);
        if (plan.previous) {
          const at = (versions as readonly string[]).indexOf(plan.previous.versionId);
          expect(rule).toContain(String(at));
          // What was written when that version was last released with success, not earlier.
          const lastOf = past.filter((each) => each.version === at && each.state === 'SUCCEEDED');
          expect((plan.previous as never as { made: number }).made).toBe(
            Math.max(...lastOf.map(({ minute }) => minute)),
          );
        }
      }),
      { numRuns: 25 },
    );
  });
});

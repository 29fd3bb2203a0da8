import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supportCasesServiceRef } from '../fixtures/acme-plugin/api.ts';
import { type AcmeGateway, startAcmeGateway } from './acme-gateway.ts';

const minute = 60_000;

let acme: AcmeGateway;
beforeAll(async () => {
  acme = await startAcmeGateway({ pluginSettings: { acme: { closeAfterMinutes: 5 } } });
});
afterAll(() => acme?.[Symbol.asyncDispose]());

async function openedCase(podName: string): Promise<{ id: string; uuid: string }> {
  const { supportCase } = await acme.open(await acme.createPod(podName));
  const id = supportCase?.id ?? '';
  return { id, uuid: Buffer.from(id, 'base64url').toString().split('|')[2] ?? '' };
}

async function read(uuid: string) {
  const [found] = (await acme.gateway.gateway.services.service(supportCasesServiceRef)?.byIds([uuid])) ?? [];
  return found;
}

const isClosed = async (uuid: string) => (await read(uuid))?.closedAt !== null;

/** The loop has missed the pod: from here on its time runs. */
async function untilMissed(uuid: string): Promise<void> {
  while (!(await read(uuid))?.podGoneAt) await acme.pass(minute / 4);
}

async function untilClosed(uuid: string): Promise<void> {
  while (!(await isClosed(uuid))) await acme.pass(minute / 4);
}

/** The loop has looked at every case since time was moved. */
async function untilLookedAt(): Promise<void> {
  const { queue } = acme.gateway.gateway.rooms;
  const isQuiet = async () => ((await queue.nextDue(['acme.supportCases'])) ?? Infinity) > acme.clock.now();
  await expect.poll(isQuiet, { timeout: 10_000 }).toBe(true);
}

describe('the loop that closes cases of pods that are gone', () => {
  it('closes a case once its pod has been gone for the configured time, and not before', async () => {
    const { id, uuid } = await openedCase('going');
    acme.deletePod('going');
    await untilMissed(uuid);
    await acme.pass(4 * minute);
    await untilLookedAt();
    expect(await isClosed(uuid)).toBe(false);
    await acme.pass(minute);
    await untilClosed(uuid);
    const closed = await read(uuid);
    expect(Number(closed?.closedAt) - Number(closed?.podGoneAt)).toBeGreaterThanOrEqual(5 * minute);
    const { records } = await acme.gateway.gateway.rooms.operations.list({ targetId: id }, { first: 5 });
    expect(records).toMatchObject([
      { action: 'closeAcmeSupportCase', status: 'SUCCEEDED', principalName: 'longshore' },
    ]);
  });

  it('closes it although another pod has its name by now', async () => {
    const { uuid } = await openedCase('replaced');
    acme.deletePod('replaced');
    await acme.createPod('replaced');
    await untilMissed(uuid);
    await untilClosed(uuid);
  });

  it('tells it to who follows the cases', async () => {
    const { id, uuid } = await openedCase('followed');
    await using changes = acme.gateway.subscribe<{
      acmeSupportCaseChanges: { type: string; supportCase: { id: string } };
    }>(
      'subscription { acmeSupportCaseChanges(snapshot: false, filter: { isOpen: true }) { type supportCase { id } } }',
    );
    await changes.next();
    acme.deletePod('followed');
    await untilMissed(uuid);
    await untilClosed(uuid);
    const { data } = await changes.next(({ data: message }) => message?.acmeSupportCaseChanges.type === 'DELETED');
    expect(data?.acmeSupportCaseChanges.supportCase.id).toBe(id);
  });

  it('leaves a case alone whose pod is there (refused)', async () => {
    const { uuid } = await openedCase('staying');
    await untilLookedAt();
    await acme.pass(8 * minute);
    await untilLookedAt();
    expect(await isClosed(uuid)).toBe(false);
  });
});

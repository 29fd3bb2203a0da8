import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { cluster } from '../support/references/model.ts';
import { type Player, startPlayer } from '../support/references/play.ts';
import { copyThatWaits, step } from '../support/references/random-steps.ts';
import { staticToken } from '../support/static-token.ts';

const isLong = process.env.LONGSHORE_TEST_LONG === '1';
const token = 'the-token-of-who-makes-and-deletes-everything';
const stack = new AsyncDisposableStack();
let player: Player;

beforeAll(async () => {
  const engines = await loadEngines(['volume-snapshot', 'kube-ovn', 'gateway-api']);
  const embedded = stack.use(await startEmbeddedCluster({ name: cluster, engines, speed: 500 }));
  const { path } = stack.use(await kubeconfigFile(embedded));
  const settings = {
    embedded: { enabled: false },
    tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
    clusters: [{ name: cluster, kubeconfig: path }],
  };
  const gateway = stack.use(await startTestGateway({ settings }));
  player = await startPlayer(gateway, embedded, token);
});
afterAll(() => stack.disposeAsync());

describe('whatever is made and deleted, in whatever order', () => {
  const ids = 'NET-13, NET-16, NET-18, NET-25, NET-27, NET-28, NET-35, NET-38, STO-12, STO-16, P41';
  it(`goes only when nothing needs it, is refused only for what is there, and leaves nothing behind (${ids}, Appendix A)`, async () => {
    const length = isLong ? 60 : 30;
    const steps = fc.array(step, { minLength: length, maxLength: length });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (each) => {
        taken += await player.play(each);
      }),
      { numRuns: isLong ? 60 : 3, endOnFailure: true, examples: [[copyThatWaits]] },
    );
    expect(taken).toBeGreaterThan(30);
  }, 1_800_000);
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, it } from 'vitest';
import type { EmbeddedClusterOptions } from '../../../src/embedded/start-embedded-cluster.ts';
import { realKubeconfig } from '../../support/real-kubeconfig.ts';
import { type CaseContext, createCaseContext } from './case-context.ts';
import { noteCase } from './case-list.ts';
import type { Need } from './needs-of-cases.ts';
import { startTarget, type Target } from './target.ts';

export interface ConformanceCase {
  /** A present-tense sentence about what the cluster does; unique in the whole suite. */
  readonly title: string;
  /** Where the behaviour is written down or tested: an API concept page, a KEP, a field's doc, an upstream test's subject. */
  readonly source: string;
  /** Skipped with the reason where the cluster has not got one of these. */
  readonly needs?: readonly Need[];
}

export interface ConformanceArea {
  conformanceCase(about: ConformanceCase, run: (t: CaseContext) => Promise<void>): void;
}

export interface AreaOptions {
  /** How the embedded cluster of this file is started, where it is the target; 50 times faster unless said otherwise. */
  readonly embedded?: EmbeddedClusterOptions;
}

/**
 * The cases of one file, on one cluster: to be called once, at the top of it. The file registers nothing else with the
 * test runner, so that its cases can be listed without running them.
 */
export function conformanceArea(area: string, options: AreaOptions = {}): ConformanceArea {
  const isReal = realKubeconfig() !== undefined;
  const prefix = `longshore-conformance-${randomBytes(3).toString('hex')}`;
  const hookTimeoutMs = isReal ? 300_000 : 30_000;
  let target: Target | undefined;
  const leftovers: (() => Promise<void>)[] = [];

  const isListing = noteCase({ area }) === 'listed';
  if (!isListing) {
    beforeAll(async () => {
      target = await startTarget(options.embedded ?? {});
    }, hookTimeoutMs);
    afterAll(async () => {
      const gone = await Promise.allSettled(leftovers.map((isGone) => isGone()));
      await target?.stop();
      const failed = gone.filter((outcome) => outcome.status === 'rejected');
      if (failed.length > 0)
        throw new AggregateError(
          failed.map(({ reason }) => reason),
          'something is left behind',
        );
    }, hookTimeoutMs);
  }

  let number = 0;
  return {
    conformanceCase(about, run) {
      number += 1;
      const caseName = `${prefix}-${number}`;
      if (noteCase({ area, ...about }) === 'listed') return;
      it(
        about.title,
        async (test) => {
          if (target === undefined) throw new Error('the target has not been started');
          const reason = about.needs?.map((need) => target?.missing.get(need)).find((missing) => missing !== undefined);
          if (reason !== undefined) {
            process.stderr.write(`skipped: ${area}: ${about.title}: ${reason}\n`);
            return test.skip(reason);
          }
          const context = createCaseContext({ admin: target.admin, name: caseName, leftovers });
          try {
            await run(context);
          } finally {
            await context.clear();
          }
        },
        isReal ? 240_000 : 30_000,
      );
    },
  };
}

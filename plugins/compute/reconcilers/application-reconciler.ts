import { again, type Reconciler, settled, systemPrincipal } from 'longshore/sdk';
import type { Application, ObservedApplication, WorkloadObject } from '../api.ts';
import { applicationReconcilerName } from '../services/applications/application-key.ts';
import { type ApplicationLoop, applicationLoopRef } from '../services/applications/application-loop.ts';
import { workloadsOfApplication } from '../services/applications/application-members.ts';
import { observeWorkloads } from '../services/applications/application-state.ts';

/** How often an application is looked at although nothing woke the loop, in ms: namespaces move between workspaces. */
const lookEveryMs = 600_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/**
 * Takes new applications up and tells how they do when their workloads change. Without it they stay CREATING, and
 * streams never tell a new state.
 */
export const applicationReconciler: Reconciler = {
  name: applicationReconcilerName,
  description: 'Takes up new applications and tells how they do; without it streams never tell a new state.',
  timeoutMs: 60_000,
  async reconcile(uuid, context) {
    const loop = context.service(applicationLoopRef);
    const application = await loop.read(uuid);
    if (!application) return settled;
    const observed = await look(application, loop, context.signal);
    await context.failpoints.reach('compute.applications.before-write');
    await loop.observe(uuid, observed, context.fence);
    await context.failpoints.reach('compute.applications.after-write');
    return again(observed === undefined ? awayMs : lookEveryMs);
  },
};

/** How it does; undefined where a cluster cannot say: then what was seen before stands. */
async function look(
  application: Application,
  { clustersOf, rules }: ApplicationLoop,
  signal: AbortSignal,
): Promise<ObservedApplication | undefined> {
  const found: WorkloadObject[] = [];
  for (const cluster of await clustersOf(application)) {
    const reader = cluster.reader(systemPrincipal, signal);
    const { items, problems = [] } = await workloadsOfApplication(application, reader, rules);
    if (problems.length > 0) return undefined;
    found.push(...items);
  }
  return observeWorkloads(found);
}

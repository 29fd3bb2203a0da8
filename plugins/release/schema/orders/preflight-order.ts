import type { RaisedWarning, RequestContext, ValidationIssue } from 'longshore/sdk';
import type { PreflightFinding } from '../../services/preflight/finding.ts';
import { preflightOfVersion } from '../../services/preflight/preflight-of-version.ts';
import type { WantedOrder } from './plan-input.ts';

/** Services that are looked at in one go: each asks the cluster. */
const atOnce = 8;

const known = new WeakMap<WantedOrder, Promise<readonly (readonly PreflightFinding[])[]>>();

/** What speaks against the release of each service (REL-18), in their order; looked at once for each call. */
function findingsOf(wanted: WantedOrder, context: RequestContext): Promise<readonly (readonly PreflightFinding[])[]> {
  const found = known.get(wanted) ?? look(wanted, context);
  known.set(wanted, found);
  return found;
}

async function look(
  { releases }: WantedOrder,
  context: RequestContext,
): Promise<readonly (readonly PreflightFinding[])[]> {
  const found: (readonly PreflightFinding[])[] = [];
  for (let first = 0; first < releases.length; first += atOnce) {
    const some = releases.slice(first, first + atOnce);
    found.push(
      ...(await Promise.all(some.map(({ service, version }) => preflightOfVersion(service, version, context)))),
    );
  }
  return found;
}

/** What blocks the order. */
export async function preflightIssues(
  wanted: WantedOrder,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  return (await findingsOf(wanted, context)).flatMap((findings, index) =>
    findings
      .filter(({ severity }) => severity === 'ERROR')
      .map(({ code, message }) => ({ path: ['services', index], code: code.toLowerCase(), message })),
  );
}

/** What has to be acknowledged before it is made. */
export async function preflightWarningsOf(
  wanted: WantedOrder,
  context: RequestContext,
): Promise<readonly RaisedWarning[]> {
  return (await findingsOf(wanted, context)).flatMap((findings, index) =>
    findings
      .filter(({ severity }) => severity === 'WARNING')
      .map(({ code, message }) => ({
        code,
        message: `${wanted.releases[index]?.service.name}: ${message}`,
        path: ['services', index],
      })),
  );
}

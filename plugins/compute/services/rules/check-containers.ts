import { parseQuantity } from 'longshore/sdk';
import { containersOf, valueAt, type WorkloadRule } from './seen-workload.ts';

/** CMP-46, CMP-56: amounts that fit each other, and a user that is who it says. */
export const checkContainers: WorkloadRule = (seen) =>
  containersOf(seen).flatMap(({ container, path, name }) => {
    const requests = valueAt(container, ['resources', 'requests']);
    const amounts = typeof requests === 'object' && requests !== null ? Object.entries(requests) : [];
    const tooMuch = amounts.flatMap(([resource, request]) => {
      const limit = valueAt(container, ['resources', 'limits', resource]);
      const [asked, most] = [amountOf(request), amountOf(limit)];
      if (asked === undefined || most === undefined || asked <= most) return [];
      const message = `${resource} requested by '${name}' must not be more than its limit ${String(limit)}, got ${String(request)}`;
      return [{ path: [...path, 'resources', 'requests', resource], code: 'above_limit', message }];
    });
    const isRoot =
      valueAt(container, ['securityContext', 'runAsNonRoot']) === true &&
      valueAt(container, ['securityContext', 'runAsUser']) === 0;
    const message = `'${name}' must not run as root and run as user 0 at once`;
    const rootPath = [...path, 'securityContext', 'runAsUser'];
    return [...tooMuch, ...(isRoot ? [{ path: rootPath, code: 'root', message }] : [])];
  });

function amountOf(quantity: unknown): number | undefined {
  return typeof quantity === 'string' || typeof quantity === 'number'
    ? parseQuantity(String(quantity))?.value
    : undefined;
}

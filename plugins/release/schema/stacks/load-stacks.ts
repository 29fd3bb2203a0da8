import {
  type AnyNode,
  DataLoader,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
} from 'longshore/sdk';
import type { Stack } from '../../api.ts';
import { instanceOfStack, isStack } from '../../services/stacks/stacks.ts';
import { stacksServiceRef } from '../../services/stacks/stacks-service.ts';
import { isUuid } from '../../services/templates/templates.ts';

/** The stacks that this caller may read: rules may look at what no column has. */
export async function visibleStacks(context: RequestContext): Promise<readonly Stack[]> {
  const rows = await context.service(stacksServiceRef).list();
  return rows.filter((row) => context.access.allowed('READ', instanceOfStack(row)));
}

/** The loader behind `node(id:)`: what the caller may not read is not there. */
export function registerStackLoader(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set('release|Stack', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const rows = await context.service(stacksServiceRef).get(keys.filter(isUuid));
    const readable = rows.filter((row) => context.access.allowed('READ', instanceOfStack(row)));
    const found = new Map(readable.map((row) => [row.uuid, row]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

/** The stack behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findStack(id: string, context: RequestContext): Promise<Stack> {
  const node = await resolveNode(id, context);
  if (!isStack(node)) throw new NotFoundError('There is no stack with this id');
  return node;
}

/** The text of a stack that was read before; empty for one that is gone for good. */
export async function loadStackContent(uuid: string, context: RequestContext): Promise<string> {
  const loader = context.memo(
    contents,
    () =>
      // Nothing is kept: a request may read, change and read again.
      new DataLoader<string, string | undefined>((uuids) => context.service(stacksServiceRef).contents(uuids), {
        cache: false,
      }),
  );
  return (await loader.load(uuid)) ?? '';
}

const contents = {};

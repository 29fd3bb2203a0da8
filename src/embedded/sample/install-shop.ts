import { randomBytes } from 'node:crypto';
import type { ClusterStore } from '../store/types.ts';
import { platformObjects } from './platform-objects.ts';
import type { SampleObject } from './sample-object.ts';
import { shopObjects } from './shop-objects.ts';

const fieldManager = 'longshore-sample';

/**
 * Installs the sample: the vote application in the namespace `shop`, and agents of all nodes in `platform`, so that
 * every kind of workload can be seen at work. What is there already, also changed, is left as it is.
 */
export function installShop(store: ClusterStore): void {
  // A password of its own for every cluster; it is only ever in the Secret.
  const password = randomBytes(18).toString('base64url');
  for (const sample of [...shopObjects(password), ...platformObjects()]) install(store, sample);
}

function install(store: ClusterStore, { group, plural, object }: SampleObject): void {
  const resource = store.resource(group, plural);
  const { namespace, name } = object.metadata;
  if (store.get(resource, namespace, name) !== undefined) return;
  store.create(resource, object, { fieldManager });
}

import { asObject, asObjectList, asString, type JsonObject, readPath } from '../../machinery/json.ts';
import type { ClusterObject, ClusterStore } from '../../store/types.ts';
import { expandReferences, readData } from '../build-environment.ts';
import { resolveField, resolveResource } from '../resolve-field.ts';
import { type DirectoryNode, type MountPoint, newDirectory, type RegularFile, resolvePath } from './file-tree.ts';
import type { SharedVolumes } from './shared-volumes.ts';

/** What mounting needs to know. */
export interface MountSite {
  readonly store: ClusterStore;
  readonly pod: ClusterObject;
  readonly container: JsonObject;
  readonly environment: ReadonlyMap<string, string>;
  readonly shared: SharedVolumes;
  readonly nowMs: number;
}

/** Puts the container's volume mounts into its tree. ConfigMaps and Secrets show what they hold at each look. */
export function mountVolumes(root: DirectoryNode, site: MountSite): void {
  const volumes = asObjectList(readPath(site.pod, 'spec', 'volumes'));
  for (const mount of asObjectList(site.container.volumeMounts)) {
    const volume = volumes.find((each) => each.name === mount.name);
    if (volume === undefined) continue;
    const point = mountPoint(volume, mount, site);
    if (point !== undefined) placeMount(root, String(mount.mountPath), point, site.nowMs);
  }
}

function mountPoint(volume: JsonObject, mount: JsonObject, site: MountSite): MountPoint | undefined {
  const expression = asString(mount.subPathExpr);
  const subPath = expression === undefined ? asString(mount.subPath) : expandReferences(expression, site.environment);
  const built = snapshotOf(volume, site);
  if (built !== undefined) {
    return { kind: 'mount', isReadOnly: true, resolve: () => within(built(), subPath, site.nowMs) };
  }
  const { directory, budget } = site.shared.volume(volume, site.pod);
  return {
    kind: 'mount',
    isReadOnly: mount.readOnly === true,
    budget,
    resolve: () => within(directory, subPath, site.nowMs, true),
  };
}

/** What stands at the sub-path; a missing directory is made where it may be. */
function within(
  directory: DirectoryNode,
  subPath: string | undefined,
  nowMs: number,
  makes = false,
): DirectoryNode | RegularFile {
  let node: DirectoryNode | RegularFile = directory;
  for (const part of resolvePath('/', subPath ?? '').split('/')) {
    if (part === '' || node.kind === 'file') continue;
    let next = node.entries.get(part);
    if (next === undefined || next.kind === 'mount' || next.kind === 'link') {
      const isFree = next === undefined || next.kind === 'mount';
      next = newDirectory(nowMs);
      if (makes && isFree) node.entries.set(part, next);
    }
    node = next;
  }
  return node;
}

/** How to read a volume that shows objects; undefined for volumes that are written to. */
function snapshotOf(volume: JsonObject, site: MountSite): (() => DirectoryNode) | undefined {
  const projected = asObject(volume.projected);
  const sources = projected === undefined ? [volume] : asObjectList(projected.sources);
  const isKnown =
    projected !== undefined || ['configMap', 'secret', 'downwardAPI'].some((kind) => volume[kind] !== undefined);
  if (!isKnown) return undefined;
  return () => {
    const directory = newDirectory(site.nowMs);
    for (const source of sources) addSource(directory, source, site, projected?.defaultMode);
    return directory;
  };
}

function addSource(directory: DirectoryNode, source: JsonObject, site: MountSite, projectedMode: unknown): void {
  const namespace = site.pod.metadata.namespace ?? '';
  const configMap = asObject(source.configMap);
  const secret = asObject(source.secret);
  const downward = asObject(source.downwardAPI);
  if (configMap !== undefined || secret !== undefined) {
    const from = configMap ?? secret ?? {};
    const data =
      configMap === undefined
        ? readData(site.store, namespace, 'secrets', String(from.secretName ?? from.name))
        : readData(site.store, namespace, 'configmaps', String(from.name));
    const mode = modeOf(from.defaultMode ?? projectedMode);
    if (from.items === undefined) {
      for (const [key, value] of data) addFile(directory, key, value, mode, site.nowMs);
      return;
    }
    for (const item of asObjectList(from.items)) {
      const value = data.get(String(item.key));
      if (value !== undefined) addFile(directory, String(item.path), value, modeOf(item.mode ?? mode), site.nowMs);
    }
    return;
  }
  if (downward === undefined) return;
  for (const item of asObjectList(downward.items)) {
    const field = asObject(item.fieldRef);
    const resource = asObject(item.resourceFieldRef);
    const named = asObjectList(readPath(site.pod, 'spec', 'containers')).find(
      ({ name }) => name === resource?.containerName,
    );
    const text =
      field !== undefined
        ? resolveField(site.pod, String(field.fieldPath))
        : resolveResource(named ?? site.container, String(resource?.resource), resource?.divisor);
    addFile(
      directory,
      String(item.path),
      Buffer.from(text ?? ''),
      modeOf(downward.defaultMode ?? projectedMode),
      site.nowMs,
    );
  }
}

function addFile(root: DirectoryNode, path: string, data: Buffer, mode: number, nowMs: number): void {
  const parts = resolvePath('/', path).split('/').slice(1);
  const name = parts.pop();
  if (name === undefined || name === '') return;
  let directory = root;
  for (const part of parts) {
    const next = directory.entries.get(part);
    const made = next?.kind === 'directory' ? next : newDirectory(nowMs);
    directory.entries.set(part, made);
    directory = made;
  }
  directory.entries.set(name, { kind: 'file', data, mode, modifiedMs: nowMs });
}

function placeMount(root: DirectoryNode, path: string, point: MountPoint, nowMs: number): void {
  const parts = resolvePath('/', path).split('/').slice(1);
  const name = parts.pop();
  if (name === undefined || name === '') return;
  let directory = root;
  for (const part of parts) {
    const next = directory.entries.get(part);
    // A mount within a mount stands in the outer one where that is written to, else it cannot be placed.
    const resolved = next?.kind === 'mount' ? next.resolve() : next;
    const made = resolved?.kind === 'directory' ? resolved : newDirectory(nowMs);
    if (resolved === undefined || resolved.kind === 'file') directory.entries.set(part, made);
    directory = made;
  }
  directory.entries.set(name, point);
}

function modeOf(mode: unknown): number {
  return typeof mode === 'number' ? mode & 0o777 : 0o644;
}

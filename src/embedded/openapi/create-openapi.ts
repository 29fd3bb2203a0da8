import { createHash } from 'node:crypto';
import { collectGroups, type ServedVersion } from '../api/served-groups.ts';
import { nextTurn } from '../machinery/next-turn.ts';
import type { ResourceCatalog } from '../store/resource-catalog.ts';
import { documentV2, documentV3 } from './build-document.ts';
import { printOpenApiProtobuf } from './print-openapi-protobuf.ts';
import type { Descriptions } from './schema-of-type.ts';

export interface OpenApiDocument {
  readonly json: string;
  /** SHA-512 of the text in hexadecimal: the document's ETag and the `hash` in its address. */
  readonly hash: string;
}

/** The OpenAPI documents of a cluster, built when asked for and kept until what they describe changes. */
export interface OpenApi {
  /** Group versions such as `api/v1` and `apis/apps/v1` with the hash of each document. */
  index(): Promise<ReadonlyMap<string, string>>;
  /** The OpenAPI 3 document of a group version; undefined where none is served. */
  groupVersion(path: string): Promise<OpenApiDocument | undefined>;
  whole(): Promise<OpenApiDocument>;
  /** The same in protobuf, by `printOpenApiProtobuf`. */
  wholeProtobuf(): Promise<{ readonly bytes: Buffer; readonly hash: string }>;
}

interface Entry {
  readonly group: string;
  readonly version: ServedVersion;
  /** What the document depends on besides the types. */
  readonly key: string;
  document?: OpenApiDocument;
}

export function createOpenApi(catalog: ResourceCatalog): OpenApi {
  let builtFor = -1;
  let entries: ReadonlyMap<string, Entry> = new Map();
  let v2: { readonly generation: number; readonly document: OpenApiDocument; bytes?: Buffer } | undefined;

  const current = (): ReadonlyMap<string, Entry> => {
    if (builtFor === catalog.generation) return entries;
    const before = entries;
    const next = new Map<string, Entry>();
    for (const [group, versions] of collectGroups(catalog.all)) {
      for (const version of versions) {
        const path = group === '' ? `api/${version.version}` : `apis/${group}/${version.version}`;
        const key = JSON.stringify(version);
        const present = before.get(path);
        next.set(path, present?.key === key ? present : { group, version, key });
      }
    }
    entries = next;
    builtFor = catalog.generation;
    return entries;
  };

  const documentOf = async (entry: Entry): Promise<OpenApiDocument> => {
    if (entry.document !== undefined) return entry.document;
    const descriptions = await loadDescriptions();
    entry.document ??= hashed(documentV3({ group: entry.group, versions: [entry.version] }, descriptions));
    return entry.document;
  };

  const currentV2 = async (): Promise<NonNullable<typeof v2>> => {
    const descriptions = await loadDescriptions();
    if (v2?.generation !== catalog.generation) {
      const groups = [...collectGroups(catalog.all)].map(([group, versions]) => ({ group, versions }));
      v2 = { generation: catalog.generation, document: hashed(documentV2(groups, descriptions)) };
    }
    return v2;
  };

  return {
    async index() {
      const hashes = new Map<string, string>();
      for (const [path, entry] of [...current()].sort(([a], [b]) => (a < b ? -1 : 1))) {
        // One document at a time, so that the other requests are not held up by all of them.
        if (entry.document === undefined) await nextTurn();
        hashes.set(path, (await documentOf(entry)).hash);
      }
      return hashes;
    },
    async groupVersion(path) {
      const entry = current().get(path);
      return entry === undefined ? undefined : documentOf(entry);
    },
    async whole() {
      return (await currentV2()).document;
    },
    async wholeProtobuf() {
      const found = await currentV2();
      found.bytes ??= printOpenApiProtobuf(JSON.parse(found.document.json));
      return { bytes: found.bytes, hash: found.document.hash };
    },
  };
}

async function loadDescriptions(): Promise<Descriptions> {
  const { default: table } = await import('./generated/descriptions.json', { with: { type: 'json' } });
  return table.types;
}

function hashed(document: object): OpenApiDocument {
  const json = JSON.stringify(document);
  return { json, hash: createHash('sha512').update(json).digest('hex').toUpperCase() };
}

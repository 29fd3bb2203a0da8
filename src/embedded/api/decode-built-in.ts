import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { jsonKindOf } from '../machinery/json-kind.ts';
import { DecodeError, decodeTyped } from '../openapi/decode-typed.ts';
import type { DecodeManner } from '../openapi/decode-words.ts';
import { localNameOf, packageOf, typeNameOfKind } from '../openapi/type-names.ts';
import { typeInfo } from '../openapi/type-table.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { apiVersionOf, toDraft } from '../store/to-draft.ts';
import type { ResourceDefinition } from '../store/types.ts';
import { noHeader, unrecognized } from './parse-body.ts';
import { badRequest } from './status-error.ts';

/** The file of the real server in which its kinds are registered: it stands in the message. */
const scheme = 'pkg/api/legacyscheme/scheme.go:30';

/**
 * What was sent as a draft of a built-in kind; the paths of fields its type does not know go to `unknown`. `body` is
 * quoted where not even the kind can be told. Throws `StatusError` 400, and `DecodeError` for what its caller words.
 */
export function decodeBuiltIn(
  resource: RegisteredResource,
  sent: unknown,
  body: Buffer,
  manner: DecodeManner,
  unknown: string[],
): Draft {
  const { definition } = resource;
  const typeName = typeNameOf(resource);
  if (isJsonObject(sent)) {
    demandType(definition, sent, body);
    const { metadata } = sent;
    // A draft has metadata to begin with, so that this error would come too late.
    if (typeName !== undefined && metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
      decodeTyped(typeName, { metadata }, manner);
    }
  }
  if (typeName === undefined) return toDraft(definition, sent);
  const draft = toDraft(definition, sent, 'keep-nulls');
  unknown.push(...decodeTyped(typeName, draft, manner));
  return draft;
}

/** The type of a built-in kind by its name in the table; custom resources have none. */
export function typeNameOf({ codec, definition }: RegisteredResource): string | undefined {
  if (codec?.decode !== undefined) return undefined;
  const name = typeNameOfKind(definition.group, definition.version, definition.kind);
  return name !== undefined && typeInfo(name) !== undefined ? name : undefined;
}

function demandType(definition: ResourceDefinition, sent: JsonObject, body: Buffer): void {
  const own = apiVersionOf(definition);
  const { apiVersion = own, kind = definition.kind } = sent;
  if (apiVersion === own && kind === definition.kind) return;
  for (const [name, value] of Object.entries({ apiVersion, kind })) {
    if (value === null || typeof value === 'string') continue;
    const why = `json: cannot unmarshal ${jsonKindOf(value)} into Go struct field .${name} of type string`;
    throw unrecognized(definition.kind, `${noHeader}: ${why}`, body);
  }
  const sentVersion = String(apiVersion ?? '') || own;
  const sentKind = String(kind ?? '') || definition.kind;
  if (sentVersion === own && sentKind === definition.kind) {
    delete sent.apiVersion;
    delete sent.kind;
    return;
  }
  const [group, version, ...more] = sentVersion.includes('/') ? sentVersion.split('/') : ['', sentVersion];
  if (version === undefined || more.length > 0) {
    throw unrecognized(definition.kind, `unexpected GroupVersion string: ${sentVersion}`, body);
  }
  if (sentKind === definition.kind && group === definition.group) {
    throw badRequest(`the API version in the data (${sentVersion}) does not match the expected API version (${own})`);
  }
  const typeName = typeNameOfKind(group ?? '', version, sentKind.replace(/List$/, '')) ?? '';
  const ownName = typeNameOfKind(definition.group, definition.version, definition.kind);
  if (typeInfo(typeName) === undefined || ownName === undefined) {
    throw new DecodeError(
      `no kind ${JSON.stringify(sentKind)} is registered for version ${JSON.stringify(sentVersion)} in scheme ${JSON.stringify(scheme)}`,
    );
  }
  const [ownPackage] = packageOf(ownName).alias.split('/');
  throw new DecodeError(
    `converting (${version}.${sentKind}) to (${ownPackage}.${localNameOf(ownName)}): unknown conversion`,
  );
}

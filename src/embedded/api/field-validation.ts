import { duplicateFields } from '../machinery/duplicate-fields.ts';
import { asObject, asString, isJsonObject } from '../machinery/json.ts';
import { DecodeError, type DecodeManner, decodeTyped } from '../openapi/decode-typed.ts';
import { typeNameOfKind } from '../openapi/type-names.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { decodeObject } from '../store/decode-object.ts';
import type { ResourceDefinition } from '../store/types.ts';
import type { ApiRequest } from './api-context.ts';
import { mediaTypeOf } from './parse-body.ts';
import { badRequest, invalid, StatusError } from './status-error.ts';
import { duplicateYamlKeys } from './yaml-duplicates.ts';

const modes = ['', 'Ignore', 'Strict', 'Warn'];
const options: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/** How a patch came to be what is decoded, and what its refusal quotes. */
export interface PatchOrigin {
  readonly manner: DecodeManner;
  shown(): string;
}

/**
 * Decodes what a request sent under its `fieldValidation`: fields nobody knows are dropped in silence, told of in
 * warnings (the default) or refused. Fields that the body names twice are told of beside them.
 * Throws `StatusError` 400, or 422 where the request was a patch.
 */
export function decodeSent(
  resource: RegisteredResource,
  sent: unknown,
  request: ApiRequest,
  warnings: string[],
  patch?: PatchOrigin,
): Draft {
  const mode = fieldValidationOf(request);
  const unknown: string[] = [];
  const draft = decode(resource, sent, request, unknown, patch);
  if (mode === 'Ignore') return draft;
  const sentences = [
    ...duplicatesIn(request, patch === undefined ? sent : undefined),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (sentences.length === 0) return draft;
  if (mode === 'Strict') throw strictRefusal(resource, joinYamlIssues(sentences), patch);
  warnings.push(...sentences);
  return draft;
}

function decode(
  resource: RegisteredResource,
  sent: unknown,
  request: ApiRequest,
  unknown: string[],
  patch: PatchOrigin | undefined,
): Draft {
  const { definition, codec } = resource;
  if (codec === undefined) return decodeBuiltIn(resource, sent, unknown, patch);
  demandType(definition, sent);
  try {
    return decodeObject(resource, sent, unknown);
  } catch (error) {
    const { kind, version } = definition;
    const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}: `;
    if (request.info.verb !== 'patch' || !(error instanceof StatusError) || !error.message.startsWith(prefix))
      throw error;
    throw patchRefusal(JSON.stringify(sent), error.message.slice(prefix.length));
  }
}

function decodeBuiltIn(
  resource: RegisteredResource,
  sent: unknown,
  unknown: string[],
  patch: PatchOrigin | undefined,
): Draft {
  const draft = decodeObject(resource, sent);
  const { kind, version } = resource.definition;
  const typeName = typeNameOf(resource);
  if (typeName === undefined) return draft;
  try {
    unknown.push(...decodeTyped(typeName, draft, patch?.manner ?? 'json'));
    return draft;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (patch !== undefined) throw patchRefusal(patch.shown(), error.message);
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
  }
}

/** The type of a built-in kind by its name in the table; custom resources have none. */
export function typeNameOf({ codec, definition }: RegisteredResource): string | undefined {
  return codec === undefined ? typeNameOfKind(definition.group, definition.version, definition.kind) : undefined;
}

/** Sentences on members that the body names twice; `parsed` spares reading it again where it is at hand. */
function duplicatesIn(request: ApiRequest, parsed: unknown): string[] {
  const type = mediaTypeOf(request.headers['content-type']);
  if (type === 'application/yaml') return duplicateYamlKeys(request.body);
  if (type !== '' && !type.endsWith('json')) return [];
  const text = request.body.toString('utf8');
  return duplicateFields(text, parsed ?? JSON.parse(text)).map((path) => `duplicate field ${JSON.stringify(path)}`);
}

/** A refusal names all doubled keys of a YAML text in one list. */
function joinYamlIssues(issues: readonly string[]): string[] {
  const lines = issues.filter((issue) => issue.startsWith('line '));
  if (lines.length === 0) return [...issues];
  const others = issues.filter((issue) => !issue.startsWith('line '));
  return [`yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join('\n')}`, ...others];
}

/** Custom resources have no Go type that would tell what they are: they must say it themselves. */
function demandType(definition: ResourceDefinition, sent: unknown): void {
  if (!isJsonObject(sent)) return;
  if (sent.kind === undefined || sent.kind === '') {
    const text = JSON.stringify(sent);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${definition.kind}): Object 'Kind' is missing in '${text}' (${text.slice(0, 30)} ...)`,
    );
  }
  const wanted = `${definition.group}/${definition.version}`;
  const apiVersion = asString(sent.apiVersion) ?? '';
  if (apiVersion !== wanted) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  }
  if (sent.kind === definition.kind) return;
  const kind = String(sent.kind);
  throw invalid({ ...definition, kind }, asString(asObject(sent.metadata)?.name) ?? '', [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(kind)}: must be ${definition.kind}`,
      field: 'kind',
    },
  ]);
}

/** Throws `StatusError` 422 for a mode there is none of. */
export function fieldValidationOf({ query, info }: ApiRequest): 'Ignore' | 'Strict' | 'Warn' {
  const mode = query.get('fieldValidation') ?? '';
  if (mode === '' || mode === 'Warn') return 'Warn';
  if (mode === 'Ignore' || mode === 'Strict') return mode;
  const kind = options[info.verb] ?? 'CreateOptions';
  const supported = modes.map((each) => JSON.stringify(each)).join(', ');
  throw invalid({ group: 'meta.k8s.io', plural: kind, kind }, '', [
    {
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(mode)}: supported values: ${supported}`,
      field: 'fieldValidation',
    },
  ]);
}

function strictRefusal(
  { definition }: RegisteredResource,
  sentences: readonly string[],
  patch: PatchOrigin | undefined,
): StatusError {
  const words = `strict decoding error: ${sentences.join(', ')}`;
  if (patch === undefined) {
    const { kind, version } = definition;
    return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${words}`);
  }
  return patchRefusal(patch.shown(), words);
}

function patchRefusal(shown: string, words: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${words}`;
  return invalid({ group: '', plural: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

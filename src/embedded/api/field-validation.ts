import { asList, asObject, asString, isJsonObject } from '../machinery/json.ts';
import { describeUnknown, strangeFields } from '../machinery/strange-fields.ts';
import { DecodeError } from '../openapi/decode-typed.ts';
import type { DecodeManner } from '../openapi/decode-words.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { decodeObject } from '../store/decode-object.ts';
import type { ResourceDefinition } from '../store/types.ts';
import type { ApiRequest } from './api-context.ts';
import { decodeBuiltIn } from './decode-built-in.ts';
import { mediaTypeOf } from './parse-body.ts';
import { badRequest, invalid, StatusError } from './status-error.ts';
import { duplicateYamlKeys } from './yaml-duplicates.ts';

const jsonPatchType = 'application/json-patch+json';
const operationFields = new Set(['op', 'path', 'from', 'value']);
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
  const sentences =
    patch === undefined
      ? strangeInBody(request, sent, unknown)
      : [...strangeInPatch(request), ...unknown.sort().map(describeUnknown)];
  if (sentences.length === 0) return draft;
  if (mode === 'Strict') throw strictRefusal(resource, joinYamlIssues(sentences), patch);
  warnings.push(...new Set(sentences));
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
  if (codec?.decode === undefined) {
    try {
      return decodeBuiltIn(resource, sent, request.body, patch?.manner ?? 'json', unknown);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (patch !== undefined) throw patchRefusal(patch.shown(), error.message);
      const { kind, version } = definition;
      const [sentVersion = version, sentKind = kind] = sentTypeOf(sent);
      throw badRequest(`${sentKind} in version "${sentVersion}" cannot be handled as a ${kind}: ${error.message}`);
    }
  }
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

/** The version without its group, and the kind, where what was sent says them. */
function sentTypeOf(sent: unknown): [version: string | undefined, kind: string | undefined] {
  const { apiVersion, kind } = asObject(sent) ?? {};
  const version = asString(apiVersion)?.split('/').at(-1);
  return [version === '' ? undefined : version, asString(kind) || undefined];
}

function strangeInBody({ headers, body }: ApiRequest, sent: unknown, unknown: readonly string[]): string[] {
  const type = mediaTypeOf(headers['content-type']);
  if (type === '' || type.endsWith('json')) return strangeFields(body.toString('utf8'), sent, unknown);
  const doubled = type === 'application/yaml' ? duplicateYamlKeys(body) : [];
  return [...doubled, ...unknown.map(describeUnknown)];
}

/** What is strange about the patch itself, whatever it makes of the object. */
function strangeInPatch({ headers, body }: ApiRequest): string[] {
  const text = body.toString('utf8');
  const patch: unknown = JSON.parse(text);
  if (mediaTypeOf(headers['content-type']) !== jsonPatchType) return strangeFields(text, patch, []);
  const foreign = asList(patch).flatMap((operation, at) =>
    Object.keys(asObject(operation) ?? {})
      .filter((name) => !operationFields.has(name))
      .map((name) => `[${at}].${name}`),
  );
  return strangeFields(text, patch, foreign).map((sentence) => `json patch ${sentence}`);
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

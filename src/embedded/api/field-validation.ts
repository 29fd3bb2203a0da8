import { asObject, asString, isJsonObject } from '../machinery/json.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { decodeObject } from '../store/decode-object.ts';
import type { ResourceDefinition } from '../store/types.ts';
import type { ApiRequest } from './api-context.ts';
import { badRequest, invalid, StatusError } from './status-error.ts';

const modes = ['', 'Ignore', 'Strict', 'Warn'];
const options: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/**
 * Decodes what a request sent under its `fieldValidation`: fields nobody knows are dropped in silence, told of in
 * warnings (the default) or refused. `strictProblems` are further sentences of the same kind, found while parsing.
 * Throws `StatusError` 400, or 422 where the request was a patch.
 */
export function decodeSent(
  resource: RegisteredResource,
  sent: unknown,
  request: ApiRequest,
  warnings: string[],
  strictProblems: readonly string[] = [],
): Draft {
  const mode = fieldValidationOf(request);
  const unknown: string[] = [];
  const draft = decode(resource, sent, request, unknown);
  if (mode === 'Ignore') return draft;
  const sentences = [...strictProblems, ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`)];
  if (sentences.length === 0) return draft;
  if (mode === 'Strict') throw strictRefusal(resource, sent, request, sentences);
  warnings.push(...sentences);
  return draft;
}

function decode(resource: RegisteredResource, sent: unknown, request: ApiRequest, unknown: string[]): Draft {
  const { definition, codec } = resource;
  if (codec === undefined) return decodeObject(resource, sent);
  demandType(definition, sent);
  try {
    return decodeObject(resource, sent, unknown);
  } catch (error) {
    const { kind, version } = definition;
    const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}: `;
    if (request.info.verb !== 'patch' || !(error instanceof StatusError) || !error.message.startsWith(prefix))
      throw error;
    throw patchRefusal(sent, error.message.slice(prefix.length));
  }
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
  sent: unknown,
  request: ApiRequest,
  sentences: readonly string[],
): StatusError {
  const words = `strict decoding error: ${sentences.join(', ')}`;
  if (request.info.verb !== 'patch') {
    const { kind, version } = definition;
    return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${words}`);
  }
  return patchRefusal(sent, words);
}

function patchRefusal(sent: unknown, words: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(sent))}: ${words}`;
  return invalid({ group: '', plural: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

import type { RegistryWrite } from '../store/object-registry.ts';
import type { ApiRequest } from './api-context.ts';
import { invalid, type StatusCause } from './status-error.ts';

const maxManagerLength = 128;
const optionsOf: Readonly<Record<string, string>> = { update: 'UpdateOptions', patch: 'PatchOptions' };

/** Reads dryRun and fieldManager. Throws `StatusError` 400 or 422. */
export function writeOptionsOf(request: ApiRequest): RegistryWrite {
  const options = optionsOf[request.info.verb] ?? 'CreateOptions';
  const manager = request.query.get('fieldManager') ?? '';
  checkManager(manager, options);
  return {
    dryRun: isDryRun(request.query.getAll('dryRun'), options),
    requester: request.requester,
    fieldManager: manager === '' ? managerOfAgent(request.headers['user-agent']) : manager,
  };
}

function checkManager(manager: string, options: string): void {
  const causes: StatusCause[] = [];
  const refuse = (reason: string, message: string): void =>
    void causes.push({ reason, message, field: 'fieldManager' });
  if (Buffer.byteLength(manager) > maxManagerLength) {
    refuse('FieldValueTooLong', `Too long: may not be more than ${maxManagerLength} bytes`);
  }
  const odd = [...manager].findIndex((character) => /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character));
  if (odd >= 0) {
    const code = ([...manager][odd]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    refuse(
      'FieldValueInvalid',
      `Invalid value: ${JSON.stringify(manager)}: invalid character U+${code} (at position ${odd})`,
    );
  }
  if (causes.length > 0)
    throw invalid({ group: 'meta.k8s.io', plural: options.toLowerCase(), kind: options }, '', causes);
}

/** Whether nothing is to be kept. Throws `StatusError` 422 in the name of the options that the directives stand in. */
export function isDryRun(values: readonly unknown[], options: string): boolean {
  if (values.some((value) => value !== 'All')) {
    throw invalid({ group: 'meta.k8s.io', plural: options.toLowerCase(), kind: options }, '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
        field: 'dryRun',
      },
    ]);
  }
  return values.length > 0;
}

/** Writers that name no manager are known by their program: what stands before the slash of the user agent. */
function managerOfAgent(userAgent: string | undefined): string {
  const program = (userAgent ?? '').split('/', 1)[0]?.slice(0, maxManagerLength) ?? '';
  return program === '' ? 'unknown' : program;
}

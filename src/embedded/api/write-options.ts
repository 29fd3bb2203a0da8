import type { RegistryWrite } from '../store/object-registry.ts';
import type { ApiRequest } from './api-context.ts';
import { badRequest, invalid } from './status-error.ts';

const maxManagerLength = 128;
const optionsOf: Readonly<Record<string, string>> = { update: 'UpdateOptions', patch: 'PatchOptions' };

/** Reads dryRun and fieldManager. Throws `StatusError` 400 or 422. */
export function writeOptionsOf(request: ApiRequest): RegistryWrite {
  const manager = request.query.get('fieldManager') ?? '';
  if (manager.length > maxManagerLength) {
    throw badRequest(`fieldManager: Too long: may not be more than ${maxManagerLength} bytes`);
  }
  return {
    dryRun: isDryRun(request.query.getAll('dryRun'), optionsOf[request.info.verb] ?? 'CreateOptions'),
    requester: request.requester,
    fieldManager: manager === '' ? managerOfAgent(request.headers['user-agent']) : manager,
  };
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

import type { RegistryWrite } from '../store/object-registry.ts';
import type { ApiRequest } from './api-context.ts';
import { badRequest } from './status-error.ts';

const maxManagerLength = 128;

/** Reads dryRun and fieldManager. Throws `StatusError` 400. */
export function writeOptionsOf(request: ApiRequest): RegistryWrite {
  const manager = request.query.get('fieldManager') ?? '';
  if (manager.length > maxManagerLength) {
    throw badRequest(`fieldManager: Too long: may not be more than ${maxManagerLength} bytes`);
  }
  return {
    dryRun: isDryRun(request.query.getAll('dryRun')),
    requester: request.requester,
    fieldManager: manager === '' ? managerOfAgent(request.headers['user-agent']) : manager,
  };
}

export function isDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== 'All') {
      throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(value)}: supported values: "All"`);
    }
  }
  return values.length > 0;
}

/** Writers that name no manager are known by their program: what stands before the slash of the user agent. */
function managerOfAgent(userAgent: string | undefined): string {
  const program = (userAgent ?? '').split('/', 1)[0]?.slice(0, maxManagerLength) ?? '';
  return program === '' ? 'unknown' : program;
}

import type { ValidationIssue } from 'longshore/sdk';
import { checkService } from './check-service.ts';
import { checkServiceForm } from './check-service-form.ts';
import { inputPathOfService, type Path } from './input-path-of-service.ts';
import type { SeenService } from './seen-service.ts';
import { type ServiceRequest, writeService } from './write-service.ts';

/** A form with all that must be known of it before its manifest is sent. */
export interface PlannedService {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Everything that is wrong; paths point into the input. */
  readonly issues: readonly ValidationIssue[];
  /** Where the input has what stands at a place of the manifest. */
  readonly inputPathOf: (manifest: Path) => Path;
}

/** Makes the manifest of a form, and finds what stands against it in the form and by the rules of Services. Pure. */
export function planService(request: ServiceRequest): PlannedService {
  const { name, profile, existing, form } = request;
  const inputPathOf = (path: Path) => inputPathOfService(path, form.type === 'CUSTOM');
  const issues = checkServiceForm(request);
  const manifest = writeService(request);
  if (issues.some(({ code }) => code === 'yaml_only')) return { manifest, issues, inputPathOf };
  const misfits = checkService({ service: manifest as SeenService, existing, name, profile });
  return {
    manifest,
    issues: [...issues, ...misfits.map((misfit) => ({ ...misfit, path: inputPathOf(misfit.path) }))],
    inputPathOf,
  };
}

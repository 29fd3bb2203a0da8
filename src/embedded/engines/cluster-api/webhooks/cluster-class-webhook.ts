import { asObject, asObjectList, asString, type JsonObject } from '../../../machinery/json.ts';
import { checkStructural } from '../../../machinery/schema/check-structural.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { coreGroup } from '../groups.ts';
import { definitionsOf } from './decide-variables.ts';
import { toldProblems } from './told-problems.ts';

/** Words for what a real Cluster API takes and this one cannot carry out: better refused than silently left out. */
const beyond = 'is not understood by this simulated Cluster API';

/** What Cluster API refuses of ClusterClasses, in its words. */
export const clusterClassWebhook: AdmissionWebhook = {
  group: coreGroup,
  plural: 'clusterclasses',
  mutatingName: `default.clusterclass.${coreGroup}`,
  validatingName: `validation.clusterclass.${coreGroup}`,
  validate(draft) {
    const errors = new FieldErrors();
    const spec = asObject(draft.spec) ?? {};
    validateVariables(spec, errors);
    asObjectList(spec.patches).forEach((patch, at) => {
      validatePatch(patch, `spec.patches[${at}]`, spec, errors);
    });
    return toldProblems('ClusterClass', coreGroup, draft.metadata.name, errors);
  },
};

function validateVariables(spec: JsonObject, errors: FieldErrors): void {
  const seen = new Set<string>();
  definitionsOf(spec).forEach(({ name, schema }, at) => {
    const field = `spec.variables[${at}]`;
    if (seen.has(name))
      errors.invalid(
        `${field}.name`,
        name,
        `variable name must be unique. Variable with name "${name}" is defined more than once`,
      );
    seen.add(name);
    if (name === 'builtin') errors.invalid(`${field}.name`, name, '"builtin" is a reserved variable name');
    if (name.includes('.')) errors.invalid(`${field}.name`, name, 'variable name cannot contain "."');
    const wrapped = { type: 'object', properties: { [name]: schema } };
    for (const problem of checkStructural(wrapped, `${field}.schema.openAPIV3Schema`)) {
      errors.invalid(problem.field, name, problem.message);
    }
  });
}

function validatePatch(patch: JsonObject, field: string, spec: JsonObject, errors: FieldErrors): void {
  if (patch.external !== undefined) errors.forbidden(`${field}.external`, `a runtime extension ${beyond}`);
  if (patch.enabledIf !== undefined) errors.forbidden(`${field}.enabledIf`, `a template ${beyond}`);
  const known = new Set(definitionsOf(spec).map(({ name }) => name));
  asObjectList(patch.definitions).forEach((definition, at) => {
    asObjectList(definition.jsonPatches).forEach((each, index) => {
      validateJsonPatch(each, `${field}.definitions[${at}].jsonPatches[${index}]`, known, errors);
    });
  });
}

function validateJsonPatch(patch: JsonObject, field: string, known: ReadonlySet<string>, errors: FieldErrors): void {
  const path = asString(patch.path) ?? '';
  if (!path.startsWith('/spec')) errors.invalid(`${field}.path`, path, 'jsonPatch path must start with "/spec"');
  for (const index of path.split('/').filter((part) => /^\d+$/.test(part))) {
    if (patch.op === 'add' && index !== '0') {
      errors.invalid(`${field}.path`, path, 'arrays can only be accessed using "0" (prepend) or "-" (append)');
    } else if (patch.op !== 'add') {
      errors.invalid(
        `${field}.path`,
        path,
        `elements in arrays can not be accessed in a ${String(patch.op)} operation`,
      );
    }
  }
  if (patch.op === 'remove') return;
  const from = asObject(patch.valueFrom);
  if (patch.value === undefined && from === undefined) {
    errors.invalid(field, patch, 'jsonPatch must define one of value or valueFrom');
  } else if (patch.value !== undefined && from !== undefined) {
    errors.invalid(field, patch, 'jsonPatch can not define both value and valueFrom');
  }
  if (from === undefined) return;
  if (from.template !== undefined) errors.forbidden(`${field}.valueFrom.template`, `a template ${beyond}`);
  const variable = asString(from.variable);
  const name = variable?.split(/[.[]/)[0] ?? '';
  if (name === 'builtin') errors.forbidden(`${field}.valueFrom.variable`, `a builtin variable ${beyond}`);
  else if (variable !== undefined && !known.has(name)) {
    errors.invalid(`${field}.valueFrom.variable`, variable, `variable with name ${variable} cannot be found`);
  }
}

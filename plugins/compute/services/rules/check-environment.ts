import { checkText } from 'longshore/sdk';
import { envName } from '../../profile-keys/names.ts';
import { envMaxPerContainer } from '../../profile-keys/workloads.ts';
import { containersOf, itemsAt, valueAt, type WorkloadRule } from './seen-workload.ts';

/** CMP-47: how many variables a container may have, and what they may be called. */
export const checkEnvironment: WorkloadRule = (seen) => {
  const { profile } = seen;
  const max = profile.get(envMaxPerContainer);
  const rule = profile.get(envName);
  return containersOf(seen).flatMap(({ container, path, name }) => {
    const variables = itemsAt(container, ['env']);
    const tooMany =
      max !== null && variables.length > max
        ? [
            {
              path: [...path, 'env'],
              code: 'too_many',
              message: `A container may have ${max} environment variables at the most by the profile '${profile.name}', got ${variables.length}`,
            },
          ]
        : [];
    const misnamed = variables.flatMap((variable, index) => {
      const variableName = valueAt(variable, ['name']);
      if (typeof variableName !== 'string') return [];
      const place = [...path, 'env', index, 'name'];
      return checkText(rule, place, variableName).map(({ code, message }) => ({
        path: place,
        code,
        message: `The name of the variable '${variableName}' of '${name}' ${message.slice(place.join('.').length + 1)}`,
      }));
    });
    return [...tooMany, ...misnamed];
  });
};

import { profileKey, profileValues } from 'longshore/sdk';

export const serviceYamlOnly = profileKey({
  name: 'service.yamlOnly',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether Services are made and changed by YAML alone, not by a form.',
  sources: ['NET-03'],
});

export const serviceKeys = [serviceYamlOnly];

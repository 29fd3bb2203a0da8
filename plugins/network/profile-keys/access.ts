import { profileKey, profileValues } from 'longshore/sdk';

export const accessProtocols = profileKey({
  name: 'access.protocols',
  schema: profileValues.someOf('TCP', 'UDP', 'HTTP', 'HTTPS'),
  default: ['TCP', 'UDP', 'HTTP', 'HTTPS'],
  description: 'Protocols by which load balancers of Services may be reached, by form and by YAML.',
  sources: ['NET-06', 'NET-09', 'CON-44'],
});

export const accessKeys = [accessProtocols];

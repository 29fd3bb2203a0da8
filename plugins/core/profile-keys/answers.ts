import { batchOperations, confirmPhrase, confirmPhraseFor, profileKey, profileValues } from 'longshore/sdk';

export const listPageSize = profileKey({
  name: 'list.pageSize',
  schema: profileValues.count(1, 1_000),
  default: 50,
  unit: 'rows',
  description: 'Rows that a console asks for at once. A list without `first` answers 50 in every profile.',
  sources: ['CORE-32', 'Appendix B'],
});

export const listFirstPage = profileKey({
  name: 'list.firstPage',
  schema: profileValues.count(0, 1),
  default: 1,
  description: 'Number that a console shows for the first page.',
  sources: ['CORE-32', 'Appendix B'],
});

export const descriptionText = profileKey({
  name: 'description.text',
  schema: profileValues.textRule(),
  default: { min: 0, max: 1_024, examples: ['', 'Shop, front end', '商店'] },
  description:
    'Descriptions of what the platform keeps: workspaces, projects, namespaces, workloads, ConfigMaps, Secrets.',
  sources: ['CORE-34', 'Appendix B'],
});

export const descriptionNetworkText = profileKey({
  name: 'description.networkText',
  schema: profileValues.textRule(),
  default: { min: 0, max: 1_024, examples: ['', 'Front subnet', '前端子网'] },
  description: 'Descriptions of subnets and security groups.',
  sources: ['CORE-34', 'Appendix B'],
});

export const answerKeys = [
  listPageSize,
  listFirstPage,
  confirmPhrase,
  confirmPhraseFor,
  batchOperations,
  descriptionText,
  descriptionNetworkText,
];

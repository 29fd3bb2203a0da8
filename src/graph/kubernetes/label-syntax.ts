/** Keys of labels and annotations are alike: up to 63 characters, with a DNS prefix before them or not. */
const key = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const value = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export const isLabelKey = (text: string): boolean => key.test(text);
export const isLabelValue = (text: string): boolean => value.test(text);

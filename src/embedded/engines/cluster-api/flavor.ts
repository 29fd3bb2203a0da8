/** What a flavor is written as: cores and memory, such as `4C-8GiB` or `1C-512MiB`. */
export const flavorPattern = '^[1-9][0-9]{0,3}C-[1-9][0-9]{0,5}(MiB|GiB)$';

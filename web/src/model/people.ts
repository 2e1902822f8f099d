/** What people call somebody. */
export const nameOf = (person: { display_name: string; username: string }): string => person.display_name || person.username;

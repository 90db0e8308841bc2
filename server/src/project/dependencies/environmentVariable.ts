/** The only form pip expands in a requirements file: `${NAME}` with capitals, digits and underscores. */
export const environmentVariable = /\$\{[A-Z0-9_]+\}/;

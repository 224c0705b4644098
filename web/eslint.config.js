import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["node_modules"] }, js.configs.recommended, {
  files: ["**/*.ts"],
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  languageOptions: { parserOptions: { projectService: true } },
  rules: {
    // Numbers in templates are what the page shows.
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    // Nothing but our own element maker puts things into the page.
    "no-restricted-properties": [
      "error",
      { property: "innerHTML", message: "Values of files are data: use element()." },
      { property: "outerHTML", message: "Values of files are data: use element()." },
    ],
  },
});

/** The styles of all pages. */

import "./style/tokens.css";
import "./style/page.css";
import "./style/parts.css";
import "./style/work.css";
import "./style/archive.css";
import "./style/resources.css";

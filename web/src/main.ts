import "./style/tokens.css";
import "./style/page.css";
import "./style/parts.css";
import "./style/work.css";
import { App } from "./app";

new App().start();

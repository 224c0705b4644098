import { App } from "./app";
import "./styles";

new App().start();

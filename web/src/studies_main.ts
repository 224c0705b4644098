import "./styles";
import { StudiesPage } from "./studies_page";

void new StudiesPage().start();
